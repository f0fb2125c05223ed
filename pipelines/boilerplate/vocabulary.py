"""Words that name a part of a page: in class names and ids, in headings over a region, in prompts.

Only whole words and whole phrases count, and none of them decides alone: a wrapper that holds the main text is never taken
for what its class says (`regions`), and a heading opens a region only behind the title (`rules`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.fields import Label
from pipelines.surroundings import word_set

_TOKENS: dict[Label, str] = {
    Label.COMMENTS: """
        comment comments commentlist commentform commentary-list commentsection commentarea disqus respond replies livefyre
        kommentar kommentare kommentarer commentaires commentaire comentarios comentario comentarios commenti komentarze
        reacties commento utterances giscus coral hyvor webmentions
    """,
    Label.BIO: "bio biography authorbox aboutauthor authorbio abh saboxplugin authorinfo authorcard autorenbox",
    Label.RELATED: """
        related relatedposts relatedarticles relatedcontent recommended recommendation recommendations recommends outbrain
        taboola yarpp crp zergnet mostread mostpopular popular trending readnext readalso upnext morestories seealso
        jetpackrelated relacionadas relacionados lireaussi weiterlesen empfehlungen
    """,
    Label.NEWSLETTER: """
        newsletter newsletters newslettersignup signup mailchimp mc4wp optin subscribe subscription convertkit mailerlite
        hustle
    """,
    Label.SHARE: """
        share shares sharing sharer sharedaddy sharebar sharebuttons sharebutton sharethis sharelinks addtoany addthis
        shareaholic social socials socialmedia socialshare sociallinks socialicons ssba heateor partage teilen compartir
        condividi
    """,
    Label.CONSENT: """
        cookie cookies consent gdpr onetrust cookiebot cookiebanner cookienotice didomi truste usercentrics ccpa
    """,
    Label.NAVIGATION: """
        nav navbar navigation navi menu submenu megamenu menubar breadcrumb breadcrumbs pagination paginator pager paging
        prevnext sitemap toc tableofcontents skiplink skip offcanvas topbar masthead pathway subnav nextprev
    """,
    Label.ADVERTISEMENT: """
        ad ads advert adverts advertisement advertising adsbygoogle adslot adsense adunit dfp sponsored sponsors promo
        promobox promotion anzeige anzeigen werbung publicidad publicite pubblicita reklame annons
    """,
    Label.FOOTER: "footer colophon copyright legal imprint foot sitefooter pagefooter",
    Label.PAYWALL: "paywall regwall paygate subwall",
    Label.WIDGET: """
        poll survey rating ratings reactions feedback login signin signon modal popup lightbox toolbar printlink
        printfriendly searchform searchbox texttospeech livechat tooltip tooltips jquerymodal
    """,
    Label.OTHER: "sidebar sidebars rail rightrail leftrail rightcolumn sidecolumn sidecontent",
    Label.TAGS: "tags taglist tagcloud tagged hashtags keywords",
    Label.FURNITURE: """
        byline author authors authorname contributor dateline meta metadata postmeta entrymeta articlemeta timestamp pubdate
        published posted date datetime readtime readingtime kicker eyebrow
    """,
}
_PAIRS: dict[Label, str] = {
    Label.BIO: """
        author+box author+bio author+info author+card author+about about+author about+creator about+writer author+profile
        author+description author+desc author+details author+block author+footer post+author+bottom creator+card
    """,
    Label.RELATED: """
        more+stories more+news more+articles more+posts more+from read+more+posts also+read read+also read+next up+next
        most+read most+popular other+articles other+posts latest+posts latest+news recent+posts recent+articles
        similar+posts similar+articles further+reading you+may+like recirc+list next+article next+post
    """,
    Label.NEWSLETTER: "sign+up+form email+signup email+form mailing+list",
    Label.NAVIGATION: """
        post+nav table+of+contents nav+links site+header page+top skip+link screen+nav global+header site+branding
    """,
    Label.COMMENTS: "reply+form reply+list reply+title leave+reply",
    Label.WIDGET: "widget+area search+form sign+in log+in voice+player audio+player",
    Label.FOOTER: "entry+footer post+footer article+footer site+info site+foot",
    Label.HIDDEN: "screen+reader+text visually+hidden sr+only visuallyhidden",
    Label.TAGS: "tag+list tag+links tags+links post+tags entry+tags article+tags topic+list post+categories cat+links",
}

HASHED_WORD = 2
"""Tokens up to this length say nothing in a class name that is a hash cut at its capitals (`kAdBcD`)."""

SOFT_LABELS = frozenset({Label.FURNITURE, Label.TAGS})
"""Labels of a line or two: a node that holds prose keeps none of them."""


def _label_by_token() -> dict[str, Label]:
    return {token: label for label, words in _TOKENS.items() for token in words.split()}


def _pairs_by_word() -> dict[str, list[tuple[frozenset[str], Label]]]:
    """The pairs by one of their words each."""
    by_word: dict[str, list[tuple[frozenset[str], Label]]] = {}
    for label, pairs in _PAIRS.items():
        for words in (pair.split("+") for pair in pairs.split()):
            by_word.setdefault(words[0], []).append((frozenset(words), label))
    return by_word


_BY_TOKEN = _label_by_token()
_PAIRS_BY_WORD = _pairs_by_word()
_ORDER = {label: rank for rank, label in enumerate([*_TOKENS, Label.HIDDEN])}
_WIDGET_WORDS = frozenset({"widget", "widgets"})
_BUILDER_WORDS = frozenset({"elementor", "builder", "editor", "text", "content", "block", "theme"})
_KNOWN = frozenset(_BY_TOKEN).union(
    _WIDGET_WORDS, _BUILDER_WORDS, *(pair for pairs in _PAIRS_BY_WORD.values() for pair, _ in pairs)
)
_ROLES = {
    "navigation": Label.NAVIGATION,
    "menu": Label.NAVIGATION,
    "menubar": Label.NAVIGATION,
    "contentinfo": Label.FOOTER,
    "complementary": Label.OTHER,
    "search": Label.WIDGET,
    "dialog": Label.WIDGET,
    "alertdialog": Label.CONSENT,
    "banner": Label.NAVIGATION,
    "doc-toc": Label.NAVIGATION,
}
_TYPES = {
    "Comment": Label.COMMENTS,
    "UserComments": Label.COMMENTS,
    "SiteNavigationElement": Label.NAVIGATION,
    "BreadcrumbList": Label.NAVIGATION,
    "WPFooter": Label.FOOTER,
    "WPHeader": Label.NAVIGATION,
    "WPSideBar": Label.OTHER,
    "WPAdBlock": Label.ADVERTISEMENT,
}
_TAGS = {
    "nav": Label.NAVIGATION,
    "menu": Label.NAVIGATION,
    "header": Label.NAVIGATION,
    "footer": Label.FOOTER,
    "aside": Label.OTHER,
    "form": Label.WIDGET,
    "dialog": Label.WIDGET,
    "button": Label.WIDGET,
}
NAMED_TAGS = frozenset(_TAGS)
_UNMARKED = frozenset({"html", "body", "main", "h1", "h2", "h3", "h4", "h5", "h6"})
"""Elements whose class and id say nothing of what they are: a heading's id is a slug of its words."""


def label_of_tokens(tokens: tuple[str, ...]) -> Label | None:
    """What the words of class and id call an element, the most specific label first; None where they say nothing."""
    if _KNOWN.isdisjoint(tokens):
        return None
    words = _KNOWN.intersection(tokens)
    if words and sum(len(token) <= HASHED_WORD for token in tokens) > 1:
        words = frozenset(word for word in words if len(word) > HASHED_WORD)
    if not words:
        return None
    found = {_BY_TOKEN[word] for word in words if word in _BY_TOKEN}
    found.update(label for word in words for pair, label in _PAIRS_BY_WORD.get(word, ()) if pair <= words)
    if words & _WIDGET_WORDS and not words & _BUILDER_WORDS:
        found.add(Label.WIDGET)
    return min(found, key=_ORDER.__getitem__) if found else None


@lru_cache(maxsize=20_000)
def label_of_names(tag: str, tokens: tuple[str, ...], role: str = "", itemtype: str = "") -> tuple[Label, str] | None:
    """What an element of these names calls itself, with the reason. Elements have much the same names on all pages of a site."""
    if itemtype in _TYPES:
        return _TYPES[itemtype], f"itemtype {itemtype}"
    by_tokens = label_of_tokens(tokens) if tokens and tag not in _UNMARKED else None
    if by_tokens is not None and by_tokens not in SOFT_LABELS:
        return by_tokens, f"class or id {' '.join(tokens[:4])}"
    if role in _ROLES and tag not in _UNMARKED:
        return _ROLES[role], f"role {role}"
    if tag in _TAGS:
        return _TAGS[tag], f"inside {tag}"
    return (by_tokens, f"class or id {' '.join(tokens[:4])}") if by_tokens else None


_HEADINGS: dict[Label, str] = {
    Label.COMMENTS: """
        comments|comment|reader comments|add comment|add a comment|leave a comment|leave a reply|post a comment|
        write a comment|join the conversation|join the discussion|responses|reader responses|cancel reply|view comments|
        show comments|all comments|comments are closed|what do you think|have your say|your comment|your comments|kommentare|
        kommentar|kommentar schreiben|kommentar verfassen|schreibe einen kommentar|schreiben sie einen kommentar|
        einen kommentar schreiben|leserkommentare|ihre meinung|antworten abbrechen|commentaires|commentaire|
        laisser un commentaire|laissez un commentaire|ajouter un commentaire|vos commentaires|vos réactions|réagir|
        comentarios|comentario|deja un comentario|deja una respuesta|dejar un comentario|escribe un comentario|commenti|
        lascia un commento|commenta|comentários|deixe um comentário|deixe uma resposta|reacties|reactie|geef een reactie|
        laat een reactie achter|plaats een reactie|kommentarer|lämna ett svar|lämna en kommentar|legg igjen en kommentar|
        skriv en kommentar|legg igjen et svar|komentarze|dodaj komentarz|zostaw komentarz|komentarz|komentáře|přidat komentář|
        hozzászólások|yorumlar|bir yorum yaz|комментарии|комментарий|добавить комментарий|оставить комментарий|коментарі|
        コメント|コメントを残す|コメントする|评论|评论区|留言|發表評論|发表评论|发表回复|댓글
    """,
    Label.BIO: """
        about the author|about the authors|about the creator|about the writer|about the contributor|about our author|
        about author|about the reporter|about the journalist|meet the author|author bio|author profile|written by|
        über den autor|über die autorin|über die autoren|über den verfasser|zur person|zum autor|zur autorin|autor|autorin|
        à propos de l'auteur|à propos de l'autrice|à propos des auteurs|a propos de l'auteur|sobre el autor|sobre la autora|
        acerca del autor|sull'autore|sull'autrice|sobre o autor|sobre a autora|over de auteur|om författaren|om forfatteren|
        om skribenten|o autorze|об авторе|про автора|著者について|この記事を書いた人|著者プロフィール|筆者プロフィール|
        关于作者|作者简介|關於作者
    """,
    Label.RELATED: """
        related|related posts|related articles|related stories|related news|related content|related reading|related topics|
        related links|related coverage|related items|you may also like|you might also like|you may like|you might like|
        also read|read also|read more|read next|up next|more stories|more news|more articles|more like this|more posts|
        more from|more to read|most read|most popular|popular posts|popular articles|trending|trending now|recommended|
        recommended for you|recommended reading|recommended stories|recommended articles|keep reading|continue reading|
        further reading|see also|what to read next|latest news|latest stories|latest posts|latest articles|recent posts|
        recent articles|recent stories|other articles|other news|other posts|similar posts|similar articles|similar stories|
        previous post|next post|previous article|next article|next story|editor's picks|editors' picks|don't miss|must read|
        top stories|featured posts|featured stories|around the web|from the web|sponsored stories|in this story|
        mehr zum thema|zum thema|lesen sie auch|lesen sie mehr|auch interessant|das könnte sie auch interessieren|
        das könnte dich auch interessieren|das könnte ihnen auch gefallen|weitere artikel|weitere beiträge|weitere themen|
        weitere meldungen|ähnliche artikel|ähnliche beiträge|verwandte artikel|verwandte themen|verwandte beiträge|mehr lesen|
        meistgelesen|meist gelesen|neueste artikel|neueste beiträge|aktuelle beiträge|letzte beiträge|mehr aus|passend dazu|
        à lire aussi|a lire aussi|lire aussi|lisez aussi|à lire également|sur le même sujet|sur le même thème|articles liés|
        articles similaires|articles associés|articles récents|les plus lus|vous aimerez aussi|dans la même rubrique|
        à découvrir aussi|plus d'articles|lea también|lee también|te puede interesar|te puede gustar|
        también te puede interesar|noticias relacionadas|artículos relacionados|entradas relacionadas|más noticias|más leídas|
        lo más leído|lo más visto|relacionados|relacionadas|entradas recientes|ver también|leggi anche|articoli correlati|
        potrebbe interessarti|potrebbe interessarti anche|potrebbero interessarti|i più letti|altri articoli|articoli recenti|
        leia também|leia mais|veja também|notícias relacionadas|artigos relacionados|posts relacionados|mais lidas|lees ook|
        lees meer|gerelateerde artikelen|gerelateerd|meer nieuws|meest gelezen|aanbevolen|läs också|läs mer|läs även|
        relaterade artiklar|relaterat|mest läst|mer från|les også|relaterte artikler|mest lest|læs også|relaterede artikler|
        mest læste|czytaj też|czytaj także|zobacz też|zobacz także|przeczytaj także|polecane|podobne artykuły|powiązane|
        najczęściej czytane|читайте также|похожие статьи|похожие записи|по теме|материалы по теме|читайте також|схожі записи|
        関連記事|おすすめ記事|あわせて読みたい|人気記事|合わせて読みたい|こちらもおすすめ|関連リンク|前の記事|次の記事|
        相关文章|相关阅读|推荐阅读|延伸阅读|相關文章|延伸閱讀|相关新闻|관련 기사|관련기사
    """,
    Label.NEWSLETTER: """
        newsletter|newsletters|our newsletter|subscribe|sign up|subscribe to our newsletter|sign up for our newsletter|
        join our newsletter|get our newsletter|sign up for the newsletter|subscribe to the newsletter|subscribe by email|
        stay informed|stay in the loop|get updates|get the latest|newsletter abonnieren|jetzt abonnieren|newsletter bestellen|
        abonnieren|unser newsletter|s'abonner|abonnez-vous|inscrivez-vous|recevez notre newsletter|notre newsletter|
        suscríbete|suscribirse|boletín|boletines|iscriviti|iscriviti alla newsletter|assine|assine nossa newsletter|
        nieuwsbrief|schrijf je in|aanmelden|nyhetsbrev|prenumerera|nyhedsbrev|zapisz się|подписка|подписаться|メルマガ|
        メールマガジン|ニュースレター|订阅
    """,
    Label.SHARE: """
        share|share this|share this post|share this article|share this story|share on|share it|sharing|share via|follow us|
        follow us on|follow me|find us on social media|find us on|connect with us|spread the word|like this|share this entry|
        social media|social|teilen|artikel teilen|beitrag teilen|teilen mit|folgen sie uns|folge uns|auf facebook teilen|
        partager|partagez|partager cet article|suivez-nous|compartir|comparte|compartir en|síguenos|condividi|seguici|
        compartilhe|compartilhar|siga-nos|delen|deel dit artikel|deel dit|volg ons|dela|dela artikeln|följ oss|del|
        del artikkelen|del artiklen|udostępnij|podziel się|поделиться|поделитесь|シェア|シェアする|共有|フォローする|分享|
        分享到|공유
    """,
    Label.WIDGET: """
        reader insights|add your insights|how does it work|sign in|log in|login|poll|rate this|rate this article|
        was this article helpful|was this helpful|what's your reaction|your reaction|listen to this article|text to speech|
        search|loading|anmelden|einloggen|umfrage|war dieser artikel hilfreich|suche|se connecter|connexion|recherche|buscar|
        iniciar sesión|cerca|accedi|zoeken|inloggen|sök|logga in|ログイン|検索|搜索|登录
    """,
    Label.FOOTER: """
        miscellaneous links|useful links|quick links|legal notice|imprint|impressum|site map|sitemap|contact us|about us|
        mentions légales|aviso legal|note legali|colophon
    """,
    Label.CONSENT: """
        cookie settings|cookie policy|privacy preferences|we value your privacy|privacy settings|cookie-einstellungen|
        manage consent
    """,
    Label.ADVERTISEMENT: """
        advertisement|advertisements|advertising|ad|sponsored|sponsored content|anzeige|werbung|publicité|publicidad|
        pubblicità|publicidade|advertentie|annons|annonse|annonce|reklama|реклама|広告|スポンサーリンク|广告|광고
    """,
    Label.NAVIGATION: """
        table of contents|contents|on this page|in this article|jump to|post navigation|navigation|menu|categories|archives|
        inhaltsverzeichnis|inhalt|beitragsnavigation|beitrags-navigation|kategorien|archiv|sommaire|table des matières|
        navigation de l'article|catégories|navegación de entradas|categorías|índice|indice|navigazione articoli|categorie|
        inhoudsopgave|categorieën|innehåll|spis treści|目次|カテゴリー|アーカイブ|目录|навигация по записям|рубрики|
        содержание
    """,
    Label.TAGS: """
        tags|tagged|topics|keywords|filed under|schlagwörter|schlagworte|themen|mots-clés|etiquetas|タグ|标签|метки
    """,
}

PHRASES: dict[str, Label] = {
    phrase.strip().casefold(): label for label, phrases in _HEADINGS.items() for phrase in phrases.split("|") if phrase.strip()
}

_EDGES = " \t:：.!?！？…»›→>|#*-–—()[]0123456789,"
"""What may stand around the words of a heading: counts, arrows, colons."""
_OPENERS: tuple[tuple[re.Pattern[str], Label], ...] = (
    (
        re.compile(r"(?:\d+|one|no|leave an?|add an?) (?:comments?|thoughts?|responses?|replies|reply)(?: (?:on|to) .*)?$"),
        Label.COMMENTS,
    ),
    (re.compile(r"(?:comments|responses|thoughts) (?:on|to) .*$"), Label.COMMENTS),
    (re.compile(r"(?:\d+|ein|keine) (?:kommentare?|gedanken?|antwort(?:en)?)(?: zu .*)?$"), Label.COMMENTS),
    (re.compile(r"\d+ (?:commentaires?|comentarios?|commenti|reacties|réponses?|respuestas?)(?: .*)?$"), Label.COMMENTS),
    (
        re.compile(
            r"(?:about|über|à propos de|more about) (?:the )?(?:author|writer|creator|den autor|die autorin|l.auteur)\b.*$"
        ),
        Label.BIO,
    ),
    (
        re.compile(
            r"(?:more|read more|see more|other|latest) (?:stories|news|articles|posts|coverage)?\s?(?:from|by|about|in|on) .*$"
        ),
        Label.RELATED,
    ),
    (re.compile(r"(?:sign up|subscribe|signup) (?:for|to) .*(?:newsletter|updates|mailing list|emails?).*$"), Label.NEWSLETTER),
    (re.compile(r"share (?:this|on|via|with) .*$"), Label.SHARE),
    (re.compile(r"follow (?:us|me|\S+) on .*$"), Label.SHARE),
)
_OPENING_WORDS = word_set(
    "one no leave add comments responses thoughts ein keine about über à more read see other latest sign subscribe signup share "
    "follow"
)
HEADING_LENGTH = 70
"""Longest line, in characters, that is taken for the heading of a region."""


@lru_cache(maxsize=4_000)
def label_of_heading(text: str) -> Label | None:
    """What region a line opens (`3 Comments`, `Über den Autor`), or None."""
    if len(text) > HEADING_LENGTH:
        return None
    line = text.casefold().replace("’", "'")
    bare = line.strip(_EDGES)
    if bare in PHRASES:
        return PHRASES[bare]
    first = line.partition(" ")[0]
    if first not in _OPENING_WORDS and not first[:1].isdigit():
        return None
    return next((label for pattern, label in _OPENERS if pattern.match(line)), None)
