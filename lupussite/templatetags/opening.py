"""What the first page of the admin tells an owner before the site opens."""

from django import template

from lupussite import opening

register = template.Library()


@register.inclusion_tag("admin/lupussite/_opening.html", takes_context=True)
def before_you_open(context):
    """Print the list for an owner until all of it is done."""
    points = opening.points(context["user"])
    done = sum(point.is_done for point in points)
    return {"points": points, "done": done, "is_open": done < len(points)}
