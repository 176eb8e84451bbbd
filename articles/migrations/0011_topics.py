import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

GROUPS = {"Editors": ["add_topic", "change_topic", "view_topic"], "Medical reviewers": ["view_topic"]}


def let_editors_write_topics(apps, schema_editor):
    """Give the groups their permissions, which Django itself only makes after all migrations."""
    create_permissions(current_apps.get_app_config("articles"), verbosity=0, using=schema_editor.connection.alias, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for group in Group.objects.filter(name__in=GROUPS):
        group.permissions.add(*Permission.objects.filter(content_type__app_label="articles", codename__in=GROUPS[group.name]))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0010_assigned_reviewer"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="related",
            field=models.ManyToManyField(
                blank=True,
                help_text="What to read next. Readers see those that are online, right after you save.",
                related_name="related_from",
                to="articles.article",
                verbose_name="related articles",
            ),
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of the page's address: /topics/…/",
                        max_length=100,
                        unique=True,
                        verbose_name="web address",
                    ),
                ),
                (
                    "description",
                    models.TextField(
                        help_text="One or two sentences for readers, below the name and in search engines.",
                        max_length=300,
                        verbose_name="description",
                    ),
                ),
                (
                    "mesh",
                    models.CharField(
                        blank=True,
                        help_text="The unique ID of the medical term, such as D008180. Search engines read it; leave it blank if none fits.",
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[CD]([0-9]{6}|[0-9]{9})\\Z",
                                "Enter the unique ID of a MeSH term: a D or C and 6 or 9 digits, such as D008180.",
                            )
                        ],
                        verbose_name="MeSH ID",
                    ),
                ),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="articles_topic_name_once",
                        violation_error_message="There is a topic with this name already.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="topics",
            field=models.ManyToManyField(
                blank=True,
                help_text="What the article is about. Readers find it on the pages of these topics right after you save.",
                related_name="articles",
                to="articles.topic",
                verbose_name="topics",
            ),
        ),
        migrations.CreateModel(
            name="TopicAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=100, unique=True)),
                (
                    "topic",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="addresses", to="articles.topic"),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.RunPython(let_editors_write_topics, migrations.RunPython.noop),
    ]
