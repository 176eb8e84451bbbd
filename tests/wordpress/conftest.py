"""Brings small exports over."""

import io

import pytest
from django.core.management import call_command

from tests.wordpress.wxr import export


@pytest.fixture
def bring(tmp_path):
    """Bring items over, and return what the command printed and both reports."""

    def run(*items, head="", text=None, **options):
        path = tmp_path / "export.xml"
        data = export(items, head) if text is None else text
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
        out = io.StringIO()
        call_command("import_wordpress", path, report=tmp_path, stdout=out, **options)
        report = (tmp_path / "report.txt").read_text()
        assert "Everything is accounted for." in out.getvalue()
        assert (tmp_path / "report.html").read_text().endswith("</html>\n")
        return report

    return run
