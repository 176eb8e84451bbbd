"""Many boxes to tick, made at once."""

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class Checkboxes(forms.CheckboxSelectMultiple):
    """Gives the HTML of Django's own widget, which renders three templates for each box: half a second for two thousand."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        """Return a `div` with a `div` for each box, those of a group in one of their own below its label."""
        widget = self.get_context(name, value, attrs)["widget"]
        groups = format_html_join("", "{}", ((_group(*group),) for group in widget["optgroups"]))
        own = {name: widget["attrs"][name] for name in ("id", "class") if widget["attrs"].get(name)}
        return format_html("<div{}>{}</div>", flatatt(own), groups)


def _group(name, options, _index):
    boxes = format_html_join("", "<div>{}</div>", ((_box(option),) for option in options))
    return format_html("<div><label>{}</label>{}</div>", name, boxes) if name else boxes


def _box(option):
    attributes = {"type": option["type"], "name": option["name"], "value": str(option["value"]), **option["attrs"]}
    box = format_html("<input{}> {}", flatatt(attributes), option["label"])
    place = option["attrs"].get("id")
    return format_html("<label{}>{}</label>", flatatt({"for": place} if place else {}), box)
