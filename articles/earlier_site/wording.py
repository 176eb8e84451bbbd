"""How pages of blogs and health sites name what is no part of an article. Pure.

Collected from the default themes of WordPress (2010 to 2025), Jetpack, Blogger, Squarespace, Wix, Disqus and Medium, in English
and Spanish. Everything here is the shape of a *whole line*; the same words inside a sentence or a longer heading mean nothing.
"""

import re

from articles.earlier_site.dates import DAY

_COUNT = (
    r"(?P<count>\d{1,4}|no|zero|one|two|three|four|five|six|seven|eight|nine|ten|un|una|uno|dos|tres|cuatro|cinco|sin|ning[uú]n)"
)
_WORDS = "no zero|one un una uno|two dos|three tres|four cuatro|five cinco|six|seven|eight|nine|ten"
NUMBERS = {word: number for number, words in enumerate(_WORDS.split("|")) for word in words.split()} | {
    "sin": 0,
    "ningún": 0,
    "ningun": 0,
}
_KIND = r"(?:thoughts?|responses?|repl(?:y|ies)|comments?|comentarios?|respuestas?|opini(?:ón|ones)|pensamientos?|thought\(s\)|comment\(s\))"
_ON = r"(?:on|to|for|en|a|sobre)"


def _any(*shapes: str) -> re.Pattern:
    return re.compile("|".join(f"(?:{shape})" for shape in shapes), re.IGNORECASE)


# "2 thoughts on “Title”": the title is named, so nothing else can be meant.
THREAD_OF_TITLE = _any(rf"{_COUNT} {_KIND} {_ON}:? ?(?P<title>.*)")
THREAD = _any(
    rf"(?P<count>\d{{1,4}}) {_KIND}(?: yet| so far)?[:.!]?",
    rf"{_COUNT.replace('?P<count>', '?P<count4>')} (?:comments?|replies|comentarios?)(?: yet| so far)?[:!]?",
    r"(?:reader(?:s['’]|['’]s|s)? )?(?:comments?|responses?|replies|comentarios|respuestas)(?: section)? ?[\[(](?P<count2>\d{1,4})[\])]:?",
    r"(?:comments?|comentarios): ?(?P<count3>\d{1,4})",
    r"reader(?:s['’]|['’]s|s)? (?:comments?|responses?|replies|feedback|reviews):?",
    r"comments from (?:our )?readers:?|what (?:our )?readers (?:say|said|are saying):?|comentarios de (?:los )?lectores:?",
    r"no comments? (?:yet|so far)\b.{0,60}|no responses yet\.?|be the first to (?:comment|reply|respond|leave a comment)\b.{0,40}",
    r"comments (?:are|have been) (?:now )?closed\.?(?: .{0,60})?|los comentarios están cerrados\.?|(?:all|recent|top|newest) comments:?",
    r"sé el primero en comentar\b.{0,30}|aún no hay comentarios\.?|todavía no hay comentarios\.?",
    r"(?:please )?enable javascript to view the comments.*|(?:comments|blog comments|disqus comments)(?: powered by .{1,20})?(?<!ents)",
    r"(?:older|newer|previous|load more|more|view all|show(?: all)?|hide|see all)(?: \d+)? comments\.?|[←«‹<-]+ ?older comments|newer comments ?[→»›>-]+",
)
# Words that a heading of an article may also be.
THREAD_MAYBE = _any(
    r"(?:(?:the )?comments?|responses?|replies|comentarios|respuestas|feedback|pingbacks?(?: (?:and|&) trackbacks?)?|trackbacks?):?"
)
FORM = _any(
    r"(?:please )?(?:leave|add|post|write|make|submit)(?: a| your| us a)?(?: public)? (?:reply|comment|response)(?: below| here| now)?[:.!…]*",
    r"(?:leave a reply|deja una respuesta|responder)(?: (?:to|a) .{1,60})? ?(?:cancel reply|cancelar (?:la )?respuesta)|cancel reply|cancelar (?:la )?respuesta",
    r"leave your (?:thoughts|comments?|reply).{0,20}|(?:join|start) the (?:discussion|conversation)(?:[.…!]| below)*|what are your thoughts\?|share your thoughts[.…!]*",
    r"(?:deja|dejar|publica|publicar|escribe|añade|añadir|agrega|agregar|haz|envía|enviar)(?:nos)? (?:un|una|el|tu) (?:comentario|respuesta)(?: aquí)?[:.!…]*",
    r"your e-?mail address will not be published\b.*|tu (?:dirección de )?correo electrónico no será publicad[ao]\b.*|required fields are marked.*",
    r"(?:save|guarda(?:r)?) (?:my|mi) (?:name|nombre)\b.*(?:browser|navegador)\b.*|notify me of (?:follow-?up|new) .{1,60}",
    r"this site (?:uses akismet|is protected by recaptcha)\b.*|este sitio (?:usa|utiliza) akismet\b.*|learn how your comment data is processed\.?",
    r"(?:post|submit|send|publish) (?:a |your )?(?:comment|reply)|publicar (?:el |un )?comentario|enviar (?:el )?comentario",
    r"you must be logged in to (?:post|leave|write|reply)\b.{0,40}|(?:log|sign) in to (?:reply|comment|leave a (?:comment|reply))|logged in as .{1,60}",
    r"fill in your details below or click an icon.*|you are commenting using your .{1,40}|debes (?:estar conectado|iniciar sesión) para .{1,40}",
)
LABEL = _any(
    r"(?:(?:your|full|tu) )?(?:name|e-?mail(?: address)?|website|url|comment|message|nombre|correo(?: electrónico)?|(?:sitio )?web|comentario)"
    r"(?: ?\((?:required|optional|obligatorio|will not be published|not published)[^)]*\)| ?\*)+:?"
)
PLAIN_LABEL = _any(
    r"(?:(?:your|full|tu) )?(?:name|e-?mail(?: address)?|website|url|comment|message|submit|nombre|correo(?: electrónico)?|web|comentario):?"
)
RELATED = _any(
    r"(?:related|similar|recent|latest|popular|recommended|trending|featured|more) (?:posts?|articles?|stor(?:y|ies)|content|reading|reads|topics|links)"
    r"(?: (?:for you|from .{1,40}|on this topic))?:?",
    r"(?:you (?:may|might) (?:also )?(?:like|be interested in|enjoy)|you['’]ll also like|recommended for you|more (?:from|like this)\b.{0,40})(?: (?:these|to read))?[:.…]*",
    r"(?:read|up) next:?|what to read next:?|keep reading:?|continue reading:?|more to (?:read|explore):?|see all(?: posts)?|related",
    r"(?:artículos|entradas|noticias|contenidos?|temas|publicaciones) (?:relacionad[oa]s|recientes|similares)[:.]?|también te (?:puede|podría) (?:interesar|gustar)[:.]?|te puede interesar[:.]?",
)
AUTHOR_BOX = _any(
    r"about (?:the|our) (?:authors?|writer|contributor|blogger)s?:?",
    r"(?:acerca|sobre) (?:del|de la|el|la|los) (?:autora?|autores):?",
    r"author bio(?:graphy)?:?",
)
NAVIGATION = _any(
    r"(?:posts?|article) navigation|navegación de entradas",
    r"(?:[←«‹<-]+ ?)?(?:previous|prev|older|newer|next) (?:post|article|story)s?(?: ?[→»›>-]+)?(?:: ?.{1,120})?|entrada anterior.{0,120}|entrada siguiente.{0,120}|[←‹]+ ?.{1,120}|.{1,120} →",
    r"subscribe to:? post comments.*|(?:proudly )?powered by .{1,30}|(?:copyright |©|\(c\)).{1,120}|all rights reserved\.?",
    r"(?:privacy policy|terms of (?:use|service)|cookie policy|política de privacidad)(?: ?[|·•] ?.{1,60})?",
)
SKIP = _any(
    r"(?:skip|jump) to (?:the )?(?:main )?(?:content|navigation|search)|(?:saltar|ir) al contenido(?: principal)?|toggle (?:navigation|menu)|(?:back|return) to top",
    r"advertisement|publicidad|print(?: this (?:page|article|post))?|imprimir|was this (?:page |article |post )?helpful\?.{0,20}|loading\.{3}|loading…",
)
CRUMBS = _any(
    r"(?:you are here:? )?(?:home|inicio|blog)(?: ?[>»›/→|] ?[^>»›/→|]{1,120}){1,6}", r"home|inicio|menu|menú|search|buscar"
)
COOKIES = _any(
    r"(?:we|this (?:web)?site|our (?:web)?site) uses? (?:cookies|essential cookies)\b.*|(?:este sitio|esta web|utilizamos|usamos)(?: web)?(?: usa| utiliza)? cookies\b.*",
    r"by (?:continuing|using this site|clicking)\b.{0,80}cookies\b.*|(?:accept|reject|decline|allow|aceptar|rechazar)(?: all| todas?)?(?: cookies)|(?:manage|cookie) (?:preferences|settings|consent)",
)
COOKIE_BUTTON = _any(
    r"(?:accept|reject|decline|deny|allow|ok|got it|close|aceptar|rechazar|cerrar|read more|learn more|preferences|settings)(?: all| todas?)?!?"
)
SHARE = _any(
    r"(?:share|tweet)[:!]?|(?:share|tweet|pin|email|print|save)(?: (?:this|it|the)(?: (?:post|article|page|story|entry))?)(?: (?:on|to|via|with|by) (?:friends|others|e?mail|social media))?[:!]?",
    r"(?:share|tweet|pin|email|print|save)(?: (?:this|it|the)(?: (?:post|article|page|story|entry))?)?(?: (?:on|to|via|with|by) (?:facebook|twitter|x|pinterest|linkedin|whatsapp|e?mail|reddit|social media|friends|others))[:!]?",
    r"(?:social )?sharing|share \d+|\d+ shares?|spread the (?:love|word)[:!]?|follow us(?: on .{1,20})?:?|like this:?|like loading(?:\.{3}|…)|me gusta(?: esto)?:?",
    r"click to (?:share|email|print)\b.*|compart(?:e|ir)(?: (?:esto|este artículo|en .{1,20}))?:?|haz clic para compartir.*",
)
NETWORK = _any(
    r"(?:share on |follow on )?(?:facebook|twitter|x|pinterest|linkedin|whatsapp|reddit|tumblr|telegram|instagram|e-?mail|print|pocket|copy link|tweet|pin(?: it)?|like|more|"
    r"messenger|threads|mastodon|bluesky|youtube|flipboard|imprimir|correo electrónico|más)(?: ?\(?opens in (?:a )?new window\)?)?(?: \d+)?"
)
NEWSLETTER = _any(
    r"(?:subscribe|sign up|signup|join|suscríbete)(?: (?:now|today|here))?(?: (?:to|for|a))?(?: (?:our|my|the|nuestro|nuestra))?(?: (?:free|weekly|monthly|email|e-mail|lupus))*"
    r" ?(?:newsletter|mailing list|e?mail (?:list|updates)|updates|boletín|lista de correo|blog via email)(?: (?:today|now|here|by email))?[:.!]?",
    r"(?:get|receive) (?:our|the|my) (?:free |weekly |monthly )*newsletter.{0,40}|stay (?:informed|in touch|connected|up to date|updated)[.!]?|never miss (?:a|an) (?:post|update|article)[.!]?|newsletter(?: sign-?up)?",
)
BUTTON = _any(
    r"(?:subscribe|sign (?:me )?up|signup|join(?: now)?|submit|suscribirse|suscríbete|suscribir)(?: now| today)?!?",
)
BOX_LINE = _any(
    r"(?:enter |type )?(?:your )?e-?mail(?: address)?[.… *:]*|(?:your )?(?:first |last )?name[ *:]*|tu correo(?: electrónico)?[.… *:]*|\d[\d,.]* (?:other )?subscribers.*|join \d.*subscribers.*"
)

_TIME = r"\d{1,2}[:.]\d{2}(?::\d{2})? ?(?:[ap]\.? ?m\.?)?"
_AGO = r"(?:\d{1,3}|an?|one|hace \d{1,3}|hace un[ao]?) ?(?:s|secs?|m|mins?|h|hrs?|d|w|wks?|mo|mos|y|yrs?|(?:second|minute|hour|day|week|month|year|segundo|minuto|hora|día|semana|año)s?|mes(?:es)?)"
# A comment's own date: a day with a time, or "3 years ago", perhaps with a name before it and a button after it.
STAMP = _any(
    rf"(?:[\w.'’*@-]+,? ){{0,5}}(?:(?:says|said|wrote|commented|dice|dijo)[:,]? )?(?:[•·|—–-] ?)?(?:on |el |posted |\()?{DAY},?(?: at| a las| @| [-–|•·])? ?{_TIME}\)?(?: (?:reply|responder|edit|permalink|#))*[:.]?",
    rf"(?:[\w.'’*@-]+,? ){{0,5}}(?:[•·|—–-] ?)?(?:{_AGO} ago|hace (?:un|una|\d{{1,3}}) \w+|just now|yesterday)(?: (?:edited|\(edited\)))?(?: ?[•·|—–-]? ?(?:reply|responder))?",
)
DATE = _any(DAY)
SAYS = _any(
    r"(?P<name>\S+(?: \S+){0,5}) (?:says|said|writes|wrote|commented|replied|responded|dice|dijo|escribió|comentó|respondió)(?: on .{5,40})?(?:\.{3}|…|:)"
)
REPLY = _any(
    r"(?:↩ ?)?(?:reply(?: ?[↓→]| to \S+(?: \S+){0,3})?|responder(?: a \S+(?: \S+){0,3})?)|log in to reply|(?:like|upvote|report|flag|share)? ?[•·|] ?reply(?: ?[•·|].{1,30})?|"
    r"(?:load|view|show|hide) (?:more |\d+ )?repl(?:y|ies)|your comment is awaiting moderation\.?|(?:pingback|trackback): .{1,160}|sort by (?:best|newest|oldest|popular)|newest first|oldest first|most liked"
)
REPLY_BUTTON = _any(r"(?:↩ ?)?(?:reply(?: to .{1,40})?|responder(?: a .{1,40})?)")
# Where an article goes on: after the comments began, such a line means that they were not the end.
ARTICLE_PART = _any(
    r"sources|references|bibliography|need to know:?|key takeaways|fuentes|referencias|bibliografía|lo que (?:debe|necesita)s? saber:?"
)


def plain(text: str) -> str:
    """Return a line for comparison: one space between words, no signs of lists, headings and icons before it."""
    line = re.sub(r"^[^\w“\"«←<‹↩(©]+", "", " ".join(text.replace("’", "'").split()))
    return line if LABEL.fullmatch(line) else line.rstrip("*_ ")


def said_count(words: str) -> int | None:
    """Return how many comments a line such as "Comments (4)" or "Two thoughts on …" says there are."""
    match = THREAD_OF_TITLE.fullmatch(words) or THREAD.fullmatch(words) or THREAD_MAYBE.fullmatch(words)
    counts = [value for name, value in (match.groupdict() if match else {}).items() if name.startswith("count") and value]
    return (int(counts[0]) if counts[0].isdigit() else NUMBERS[counts[0].lower()]) if counts else None
