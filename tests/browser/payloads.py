"""Words that try to run a script, one of each kind, and what puts them into every place where somebody types."""

from articles import workflow
from articles.models import Article, Source
from comments.flows import claims
from comments.flows.moderation import decide
from comments.flows.reports import file_report
from comments.flows.submission import submit_comment
from comments.models import Comment, State
from comments.screening import Submission
from lupussite.models import Page
from tests.factories import make_reviewer, make_topic, make_user

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt\n>alert(1)</sCrIpT\t>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=nowhere onerror=alert(1)>",
    "<img/src='nowhere'/onerror='alert`1`'//",
    '"><img src=nowhere onerror=alert(1)>',
    "' autofocus onfocus=alert(1) tabindex=1 x='",
    '" autofocus onfocus=alert(1) tabindex=1 x="',
    "<svg onload=alert(1)>",
    "<svg><script>alert&lpar;1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text y=20>press</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=nowhere onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=nowhere onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=nowhere onerror=alert(1)>'>",
    "<textarea><img title='</textarea><img src=nowhere onerror=alert(1)>'>",
    "</title></textarea></style></script><img src=nowhere onerror=alert(1)>",
    "<!--><img src=nowhere onerror=alert(1)>-->",
    "<![CDATA[><img src=nowhere onerror=alert(1)>]]>",
    "<a href='javascript:alert(1)'>press</a>",
    "<a href='jav&#x09;ascript&colon;alert(1)'>press</a>",
    "<a href='\x01javascript:alert(1)'>press</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>press</a>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<iframe src='javascript:parent.alert(1)'></iframe>",
    "<object data='javascript:alert(1)'></object><embed src='javascript:alert(1)'>",
    "<form action='javascript:alert(1)'><button formaction='javascript:alert(1)'>press</button></form>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<body onload=alert(1)><style onload=alert(1)></style>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'><base href='javascript:/x/'>",
    "<p style='background:url(javascript:alert(1));animation:x' onanimationstart=alert(1)>",
    "[caption]<img src=nowhere onerror=alert(1)>[/caption] [embed]javascript:alert(1)[/embed]",
    "http://example.org/'onmouseover='alert(1) www.example.org/\"><img src=nowhere onerror=alert(1)>",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} <%= alert(1) %>",
    "＜script＞alert(1)＜/script＞ %3Cscript%3Ealert(1)%3C/script%3E &lt;script&gt;alert(1)&lt;/script&gt;",
]


def put_everywhere() -> list[list[str]]:
    """Put each in every place; return the paths of the pages that show them to readers, and to staff."""
    editor, clinician = make_user("Editors"), make_user("Clinicians")
    public, staff = [], []
    for number, words in enumerate(PAYLOADS):
        reviewer = make_reviewer(name=words[:110], credentials=words[:110], ties=words, about=words[:300])
        topic = make_topic(words[:80], slug=f"topic-{number}", description=words)
        figure = f"<figure><img src='/pictures/x.jpg' alt='{words}'><figcaption>{words}</figcaption></figure>"
        article = Article.objects.create(
            title=words[:200],
            slug=f"words-{number}",
            summary=words,
            need_to_know=words,
            body=f"<p>Before.</p>{words}<p>After.</p>{figure}",
            author_name=words[:100],
            owner=editor,
        )
        article.topics.add(topic)
        Source.objects.create(article=article, position=1, title=words, authors=words[:200], container=words[:200])
        revision = workflow.submit(article, by=editor, note=words[:200])
        workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)
        workflow.publish(revision, by=editor)
        page = Page.objects.create(title=words[:200], slug=f"words-{number}", body=f"<p>Before.</p>{words}", is_public=True)
        article = Article.objects.live().get(pk=article.pk)
        said = [Submission(name=words[:80], email="", body=f"{words}\n{more}") for more in ("one", "two")]
        shown, waiting = (submit_comment(article, one, network="192.0.2.1", parent=None) for one in said)
        shown = Comment.objects.get(pk=shown.pk)
        decide(shown, State.APPROVED, version=shown.version, by=clinician)
        file_report(shown, "other", words[:500], network="192.0.2.2")
        claims.add_note(waiting, by=clinician, note=words)
        at = f"/admin/articles/article/{article.pk}"
        public += [article.get_absolute_url(), f"{article.get_absolute_url()}changes/", page.get_absolute_url()]
        public += [topic.get_absolute_url(), f"/reviewers/{reviewer.slug}/"]
        staff += [f"/admin/comments/comment/{waiting.pk}/{end}/" for end in ("change", "history")]
        staff += [f"{at}/{end}/" for end in ("change", "preview", "drafts", "history")]
        staff += [f"/admin/lupussite/page/{page.pk}/{end}/" for end in ("change", "preview")]
        staff += [f"/admin/articles/{kind}/{row.pk}/change/" for kind, row in (("topic", topic), ("reviewer", reviewer))]
    lists = ("comments/comment", "comments/queued", "comments/report", "articles/article", "articles/article/desk")
    lists += ("articles/reviewer", "articles/topic", "articles/revision", "articles/signoff", "lupussite/page")
    staff += ["/admin/", *(f"/admin/{path}/" for path in lists)]
    return [public, staff]
