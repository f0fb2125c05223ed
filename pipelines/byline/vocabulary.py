"""Words that stand in bylines beside names: agencies, desks, accounts, roles, degrees, honorifics and joining words."""

from __future__ import annotations

import re

from pipelines.surroundings import word_set

AGENCIES = word_set(
    "reuters ap afp dpa apa sda efe ansa tass ria interfax xinhua kyodo jiji bloomberg upi pti ani ians belga anp ntb tt "
    "ritzau stt pap ctk lusa kna epd sid kathpress associatedpress agencefrancepresse europapress deutschepresseagentur "
    "pressassociation pamedia cnnwire keystonesda antaranews yonhap 共同通信 時事通信 共同 時事 新华社 新華社 中新社 "
    "연합뉴스 뉴시스"
)
DESK_WORDS = word_set(
    "agency agentur agencia agence agenzia agências redaktion redaktionen redakcja redactie redazione rédaction redacción "
    "redação redaktionsteam newsroom desk bureau team staff editors editorial board editor magazine news press media association "
    "university institute institut foundation stiftung gmbh inc ltd llc corp group society council committee ministry "
    "office department service services network community club times post journal herald tribune gazette daily guide "
    "guides radio tv zeitung verlag onlineredaktion newsdesk nachrichten réseau équipe equipo squadra 編集部 取材班 新聞社 "
    "通信社 编辑部"
)
PAPER_WORDS = word_set(
    "courier chronicle observer mirror star sun standard globe echo record review register sentinel world today online "
    "digital blog mail "
    "telegraph independent guardian insider report weekly argus examiner bulletin dispatch voice wire nation republic "
    "advertiser monitor "
    "kurier bote anzeiger rundschau blatt spiegel welt merkur presse monde figaro parisien libération pays país mundo diario "
    "vanguardia "
    "corriere repubblica stampa giornale messaggero folha estado público jornal krant dagblad volkskrant nieuws bladet posten "
    "avisen "
    "gazeta wyborcza project lab studio solutions consulting marketing agency shop store home life style health tech travel food "
    "program programme center centre academy college school hospital clinic bank museum library forum forums"
)
"""Words of papers, companies and themes: a site whose name holds one is not named after a person."""

ACCOUNTS = word_set(
    "team theteam ourteam admin administrator editor editors webmaster root user guest test author authors staff newsroom "
    "wordpress wpadmin anonymous anonym unknown contributor contributors superuser super sysadmin moderator member system "
    "default none null undefined nobody autor auteur autore redactor adm webadmin siteadmin support info contentteam "
    "guestauthor guestpost guestcontributor byline name writer reporter facebook twitter linkedin instagram youtube "
    "website home about news developer"
)
NEVER = word_set(
    "the this that these those is are was were be been how why what when where who your our we they it its his her "
    "their would should comments comment share read more posts post view all click here subscribe follow "
    "newsletter email login sign home menu search article articles story stories category categories uncategorized filed "
    "under tags tagged topics minutes minute ago months days hours today yesterday with about monday tuesday wednesday "
    "thursday friday saturday sunday written posted profile biography bio full latest ihr unser unsere alles facebook twitter "
    "instagram youtube linkedin pinterest tiktok whatsapp"
)
NEVER_ALONE = (
    NEVER
    | ACCOUNTS
    | word_set(
        "press release sponsored advertisement promoted advertorial pinterest medium tiktok "
        "stand gesponserte inhalte anzeige werbung by von par por"
    )
)
NEVER_SIGNS = word_set("share read view follow subscribe comments posted sponsored advertisement promoted advertorial category")
"""Words of no signature."""
DESK_NAMES = word_set(
    "staff writer writers reporter reporters editor editors editorial team our the newsroom news desk contributor contributors "
    "guest author redaktion redaktionsteam die redacción la rédaction redazione redactie de redakcja redação a"
)
"""Words that a signature may be made of without saying whose staff signs."""
ARTICLES = word_set("the der die das le la les el il de het our your my")
OPENING_ARTICLES = word_set("the die das ein eine une uno")
"""Words that begin a phrase and no name."""
PARTICLES = word_set(
    "van von der den de del della di da dos das do du la le el al bin ibn ben ter ten zu zum zur af av y e i o' d' st abu "
    "dela und lo san vom vd mac mc binti al- 't"
)
DEGREES = word_set(
    "phd md mba rn rdn rd mph jd ma ba bsc msc bs ms do dds dmd pharmd lcsw np cscs cfp edd psyd lpc lmft cpt mfa esq jr "
    "sr ii iii iv cpa cnm facp faap bfa mps llm llb dphil dvm phr cissp pmp ldn cdces cde fache aprn dnp msn bsn cpnp "
    "ibclc fnp mw mscp faan facc facs cepf cfa cpp psp lmt lmhc lac dabom foma faafp ccc slp dpt"
)
DEGREES_OF_NAMES = word_set("jr sr ii iii iv ma do")
"""Of these, what may be part of a name."""

TURNING_WORDS = word_set(
    "and und et y e en og och with mit avec и та και ve és și dan và oraz sowie så ja ir і або i a at in for from aus by "
    "dr prof professor mr mrs ms miss sir dame rev hon ing mag dipl univ doç dott dra lic rechtsanwalt rechtsanwältin д-р проф "
    "published posted update updated modified reviewed edited fact created follow subscribe share veröffentlicht aktualisiert "
    "erstellt publié publicado actualizado pubblicato aggiornato gepubliceerd bijgewerkt publicerad uppdaterad photo photos "
    "photograph photographs photography foto fotos image bild illustration illustrations comment comments view views kommentar "
    "kommentare on "
    "quelle source sources fuente fonte bron credit lektorat übersetzung traduction traducción traduzione"
)
"""Words at which other rules turn: joining words, honorifics, words behind the names of a line or before others' work."""

HONORIFIC = re.compile(
    r"^(?:(?:dr|prof|professor|mr|mrs|ms|miss|sir|dame|rev|hon|ing|mag|dipl|univ|doç|dott|dra|lic|rechtsanwalt|rechtsanwältin|"
    r"д-р|проф)\b\.?[\s-]*(?:med|phil|jur|rer|nat|ing|prof|dr)?\.?\s*)+(?=\S)",
    re.I,
)
OTHERS_WORK = re.compile(
    r"^(?:(?:medically |fact[- ]?|clinically |expert |legally )?"
    r"(?:reviewed|edited|checked|approved|illustrated|photographed|translated|sponsored|presented|produced|curated)\s+by|"
    r"(?:additional |further )?(?:reporting|contributions?|research|editing|production) (?:by|from)|"
    r"(?:editor|editing|redaktur|penyunting|editora|photographer|fotograf(?:in)?|photographe|translat(?:or|ion)|übersetz\w+|"
    r"sources?|quelle|fuente|fonte|bron|credit|crédit|编辑|编审|責任編集|編集|责编|校对|来源|來源|出典|写真|사진|편집)\s?[:：]|"
    r"(?:übersetzt von|traduit par|traducido por|tradotto da|vertaald door)\b|"
    r"(?:lektorat|übersetzung|traduction|traducción|traduzione)\b|"
    r"photo(?:s|graphs?|graphy)?\b|fotos?\b|image\b|bild\b|illustration)",
    re.I,
)
"""A line that names those who did something else than write."""

ROLE_NOUN = re.compile(
    r"^(?:correspondents?|reporters?|editors?|writers?|journalists?|columnists?|contributors?|photographers?|producers?|"
    r"analysts?|critics?|"
    r"interns?|co-?founders?|founders?|ceo|cto|cfo|coo|vp|directors?|managers?|strategists?|specialists?|gardeners?|"
    r"reviewers?|authors?|attorneys?|lawyers?|advis[eo]rs?|"
    r"bloggers?|publishers?|president|officer|consultants?|engineers?|professor|fellow|expert|redakteur(?:in)?|journaliste|"
    r"redactora?|"
    r"korrespondent(?:in)?|autor(?:in)?)$",
    re.I,
)
ROLES = re.compile(
    r"\b(?:correspondent\w*|korrespondent\w*|reporter\w*|editor|editors|writer|journalist\w*|journaliste?s?|redakteur\w*|"
    r"redactor\w*|columnist|photographer|attorney|lawyer|"
    r"contributor|producer|analyst|author|critic|blogger|staff|chief|senior|managing|director|president|founder|ceo|professor|"
    r"lecturer|expert|specialist|manager|"
    r"periodista|corresponsal|giornalista|corrispondente|chefredakteur\w*|volont\w+|freelance\w*|fotograf\w*|photographs?|"
    r"photos?|video|audio|\w+leiter(?:in)?|\w+sprecher(?:in)?|"
    r"special to|for|in|at|from|aus|à|en)\b|記者|特派員|編集",
    re.I,
)
ROLE_WORDS = (
    r"(?:correspondent|reporter|editor|writer|journalist|columnist|contributor|photographer|producer|analyst|critic|"
    r"intern|founder|co-?founder|ceo|cto|director|manager|strategist|specialist|gardener|reviewer|author|blogger|"
    r"editor-in-chief|publisher)"
)
TRAILING_ROLE = re.compile(
    r"^(.{4,}?)\s+((?:(?:staff|senior|junior|chief|lead|political|business|sports?|national|foreign|technology|tech|science|"
    r"health|education|environment|managing|associate|assistant|deputy|contributing|freelance|breaking|trending|news|special|"
    r"guest|digital|content|data|executive|founding|travel|food|lifestyle|europe|world|economics?|culture|arts?|expert|"
    rf"marketing|web|editorial|professional|master|co-|edtech|features?|copy|seo)\s+)*{ROLE_WORDS})$",
    re.I,
)
STAFF_OF = re.compile(r"^(\S+ \S+)\s+(\S+\s+Staff)$", re.I)
CJK_ROLE = re.compile(
    r"^(?:(?:記者|记者|特派員|通讯员|本报记者|本報記者|作者|撰文)[\s:：]*)?(.+?)"
    r"(?:\s*(?:記者|记者|特派員|通信員|報道|报道|報導|기자|특파원|인턴기자|선임기자))?$"
)

STRONG_SPLIT = re.compile(
    r"\s*(?:[;；、，/|\n]|\s&\s|\s\+\s|,\s*(?:and|und|et|y|e|en|og|och|i|&)\s|"
    r"\s(?:im gespräch mit|in conversation with|en conversation avec)\s|"
    r"\s(?:and|und|et|og|och|with|mit|avec|и|та|και|ve|és|și|dan|và|oraz|sowie|så|ja|और|এবং|และ|및|와|ו|و|和|与|與|及)\s)\s*",
    re.I,
)
WEAK_SPLIT = re.compile(r"\s(?:y|e|en|i|a|ir|і|або)\s")
"""Words that join names and are parts of names or of phrases too."""
