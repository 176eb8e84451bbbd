"""The base of every page of the admin: a list is narrowed by its declared filters and its search, and by nothing else.

Django lets whoever writes an address compare any column with anything: a link that a signed-in person opens could then stop
the site, or read a secret letter by letter.
"""

import functools
import re
from collections.abc import Callable

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import get_fields_from_path, lookup_spawns_duplicates
from django.contrib.admin.views.main import ALL_VAR, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.db.backends.signals import connection_created
from django.db.models import BooleanField, F, Func, TextField, Value
from django.db.models.functions import Concat
from django.dispatch import receiver
from django.http import HttpResponseNotAllowed, HttpResponseRedirect, QueryDict

from web.folding import MOST_WORDS, dropped_signs, fold, fold_signs, one_line, whole_word

# What the links of a list say beside its filters.
KNOWN = {
    ALL_VAR: re.compile(""),
    ORDER_VAR: re.compile(r"-?[0-9]{1,2}(\.-?[0-9]{1,2}){0,9}"),
    PAGE_VAR: re.compile(r"[1-9][0-9]{0,5}"),
    SEARCH_VAR: re.compile(r".*", re.DOTALL),
}
# What a filter is asked for: a key, a choice, "True".
VALUE = re.compile(r"[\w-]{1,100}", re.ASCII)
KEY = re.compile(r"[0-9]{1,18}")
WORD = re.compile(r'"([^"]+)"|(\S+)')


def takes_a_form(page: Callable[..., str]):
    """Decorate a view of the admin that only takes a POST; `page` returns the address of the page that its form stands on.

    Whoever opens the address, as a login does that came in between, is led there. Other methods are 405.
    """

    def decorate(view):
        @functools.wraps(view)
        def wrapped(request, *args, **kwargs):
            if request.method in {"GET", "HEAD"}:
                return HttpResponseRedirect(page(*args, **kwargs))
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


class HasWords(Func):
    """Whether a text of the database has each of these words, given as `fold` returns them; it is folded once a row."""

    function = "HAS_WORDS"
    output_field = BooleanField()
    # As `fold` does it; almost all texts are ASCII, and for those it costs little. casefold() is new in PostgreSQL 18.
    FOLDED = (
        """replace(replace(replace(CASE WHEN octet_length({0}) = length({0}) THEN lower({0} COLLATE "C")"""
        """ ELSE replace(translate(lower(regexp_replace(normalize({0}, NFKD), '[{1}]', '', 'g') COLLATE "und-x-icu")"""
        """ COLLATE "C", 'ς', 'σ'), 'ß', 'ss') END, chr(10), ' '), '  ', ' '), '  ', ' ')"""
    )

    def __init__(self, text, *words):
        super().__init__(text, *map(Value, words))

    def as_postgresql(self, compiler, connection, **extra):
        """Do it with PostgreSQL's own functions."""
        text, *words = self.get_source_expressions()
        sql, params = compiler.compile(text)
        operator, patterns = self.patterns([word.value for word in words], connection)
        folded = self.FOLDED.format(sql, dropped_signs())
        return " ".join([folded, operator, "(%s)"]), (*params * self.FOLDED.count("{0}"), patterns)

    def patterns(self, words, connection):
        """Return the operator of PostgreSQL that finds a word, and what it is given for each."""
        return "LIKE ALL", [f"%{connection.ops.prep_for_like_query(word)}%" for word in words]


class HasWholeWords(HasWords):
    """The same for words that are not part of longer ones: "hat" is not in "that"."""

    function = "HAS_WHOLE_WORDS"

    def patterns(self, words, connection):
        """Return regular expressions, which Python reads alike."""
        return "~ ALL", [whole_word(word) for word in words]


@receiver(connection_created)
def teach_sqlite(connection, **kwargs):
    """Give SQLite the functions: it knows no accents."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("HAS_WORDS", -1, _has_words, deterministic=True)
        connection.connection.create_function("HAS_WHOLE_WORDS", -1, _has_whole_words, deterministic=True)


def _has_words(text, *words):
    return bool(_folded_with(text, words))


def _has_whole_words(text, *words):
    folded = _folded_with(text, words)
    return bool(folded) and all(re.search(whole_word(word), folded) for word in words)


def _folded_with(text, words):
    """Return the text folded, if it has the words at all, else nothing."""
    # A single word is found whatever the spaces are, and putting them in order takes most of the time.
    folded = fold(text) if any(" " in word for word in words) else fold_signs(text)
    return folded if all(word in folded for word in words) else ""


def searched_words(query: str) -> list[str]:
    """Return the folded words of a search, and its phrases in quotation marks, as far as they are read."""
    return [phrase or word for phrase, word in WORD.findall(fold(one_line(query)))][:MOST_WORDS]


class BaseAdmin(admin.ModelAdmin):
    """A page of the admin: declared filters with exact values, a bounded search that knows no accents.

    `list_filter` holds names of fields with choices, of flags, of relations; or classes of `SimpleListFilter`.
    """

    # Counting for every choice of every filter at once.
    show_facets = admin.ShowFacets.NEVER
    # How a search finds a word in the search_fields.
    search_function = HasWords
    # Django builds that address from whatever host was asked.
    view_on_site = False

    def get_changelist_instance(self, request):
        """Read of the address what the links of the list say, one value each; the rest is as if it were not there."""
        patterns = KNOWN | dict.fromkeys(self._filter_parameters(request), VALUE)
        asked = QueryDict(mutable=True)
        for name, pattern in patterns.items():
            value = request.GET.get(name)
            if value is not None and pattern.fullmatch(value):
                asked[name] = value.replace("\0", " ")
        request.GET = asked
        return super().get_changelist_instance(request)

    def _filter_parameters(self, request):
        names = set()
        for declared in self.get_list_filter(request):
            if isinstance(declared, type):
                names.add(declared.parameter_name)
                continue
            field = get_fields_from_path(self.model, declared)[-1]
            names.add(f"{declared}__{field.target_field.name}__exact" if field.is_relation else f"{declared}__exact")
            if field.null or field.many_to_many:
                names.add(f"{declared}__isnull")
        return names

    def get_search_results(self, request, queryset, search_term):
        """Find the rows that have every word, in whichever of the fields; signs such as % stand for themselves."""
        fields = self.get_search_fields(request)
        words = searched_words(search_term) if fields else []
        if words:
            text = Concat(*(part for name in fields for part in (F(name), Value("\n"))), output_field=TextField())
            queryset = queryset.filter(self.search_function(text, *words))
        return queryset, any(lookup_spawns_duplicates(self.opts, name) for name in fields)

    def get_changeform_initial_data(self, request):
        """Begin with an empty form: what somebody is about to save is not written by an address."""
        return {}

    def response_action(self, request, queryset):
        """Act on rows by keys that can be keys."""
        request.POST = request.POST.copy()
        selected = [key for key in request.POST.getlist(ACTION_CHECKBOX_NAME) if KEY.fullmatch(key)]
        request.POST.setlist(ACTION_CHECKBOX_NAME, selected)
        return super().response_action(request, queryset)


class ReadOnlyAdmin(BaseAdmin):
    """Rows that something else writes: whoever has the permission reads them, nobody changes them here, superusers included."""

    def has_add_permission(self, request):
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nothing is changed."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nothing is deleted."""
        return False
