"""Which parts of what a leader typed are not for the recipient's eyes, and why."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from coach.clauses import DAY, FINITE, VERB_WITHIN, has_verb, split_clauses
from coach.language import Span, Token, lemma, tag
from coach.situation import Channel, Missing
from coach.thesaurus import can_be_somebody
from coach.tuned import Labels

PRIVATE = re.compile(
    r"\b(?:pregnan\w+|miscarr\w+|cancer|chemo\w*|diagnos\w+|depress\w+|anxiety|panic attacks?|therap(?:y|ist)|counsell?ing|"
    r"migraines?|surgery on (?:his|her|their|your)|(?:his|her|their|your) (?:operation|surgery|illness|health|condition|medication|meds|bad back|knee|pregnancy)|"
    r"sick (?:leave|note|day|days|pay)|(?:off|been|is|was|being) (?:ill|sick|poorly|unwell)\b|hospital appointment|disab\w+|diabet\w+|adhd|autis\w+|epilep\w+|burn-?out|burnt out|"
    r"slipped disc|hernia|hearing aids?|deaf\w*|wheelchair|blood pressure|asthma\w*|"
    r"single (?:mother|mum|mom|father|dad|parent)|biopsy|crutches|scan results|test results|blood tests?|ivf|stroke|heart attack|dementia|mental health|sober|rehab|alcohol\w*|drinking problem|hospice|bereave\w+|funeral|widow\w*|divorc\w+|separat(?:ed|ion) from|custody|marriage|break-?up|"
    r"(?:his|her|their|your) (?:mum|mother|mom|dad|father|wife|husband|partner|son|daughter|child|kid|kids|sister|brother|family|parents|baby|gran|nan)(?:['’]s)?\b|"
    r"tribunal|signed off (?:sick|with|for|work)|trouble at home|problems? at home|at home at the moment|visa|debts?|bankrupt\w*|selling up|evict\w+|"
    r"(?:maternity|paternity|parental|compassionate|sick|medical|stress|unpaid) leave|on leave|leave of absence|"
    r"(?:his|her|their|your) (?:pay|salary|wages?|bonus|raise|rating|appraisal score|performance rating)|pay rise|pay cut|salary|\b(?:on|earn(?:s|ing)|paid) (?:just |only |a mere )?[£$€]\s?\d[\d.,]*k? (?:an hour|a (?:week|month|year)|per (?:hour|annum))|"
    r"(?:written|final|verbal|formal|last) warning|disciplin(?:e|ed|ary)|grievance|(?:formal|disciplinary|capability) (?:talk|meeting|conversation|hearing|process)|(?:in|on|into) (?:his|her|their|your) (?:personnel )?file|suspend\w+|probation|performance (?:plan|improvement)|\bPIP\b)",
    re.IGNORECASE,
)
ASIDES = re.compile(
    r"(?:keep|leave) (?:(?:my|his|her|their) names?|me) out\b|\b(?:no,? )?scratch that\b|^say (?:that )?it (?:came|comes|is|was) from\b|\bsorry (?:for|about) (?:the|my|any) (?:typos?|spelling|grammar|english)\b"
    r"|\b(?:fix|correct|check|excuse|mind|tidy(?: up)?) my (?:spelling|typos?|grammar|english|punctuation)\b|\bdon['’]?t (?:mention|include|put|quote|bring up|tell (?:him|her|them|anyone)|say (?:it|i|that|anything)|name|use|make it|sound)"
    r"|\bdo not (?:mention|include|tell|say|use|name)|\bno need to mention|\bnot for (?:his|her|their) eyes|\boff the record|\bbetween you and me\b|\b(?:just|strictly|only|is|['’]s|stays?|keep (?:it|this|that)) between us\b"
    r"|\b(?:make|keep) (?:it|this|the message|the tone) (?:short|brief|nice|warm|light|friendly|funny|formal|casual|sound|punchy|simple|kind|gentle|firm|professional|polite|upbeat|positive|to)"
    r"|^(?:please )?(?:write|draft|compose|generate|create|phrase|word|reword|format|translate|sign) (?:it|this|that|me|a|an|something|him|her|the message|in|as|up|\d)"
    r"|^(?:ps|p\.s\.)?[,:]? ?(?:does|is|can|will|do|could) this app (?:save|store|keep|send|share|show|tell|remember|work|know|read|record|track|need)\b"
    r"|\b(?:can|could|would|will) you (?:please )?(?:write|draft|word|help|phrase|make|come up|put|send|keep|sign|turn)\b"
    r"|^(?:(?:hi|hello|hey|ok|okay|right|so),? )+(?:app|bot|robot)\b(?=[,:]| (?:listen|can|could|please))|\((?:it['’]?s |that['’]?s |which is )?what (?:everyone|everybody|we all|they all) calls? \w+\)|^this is about you,? not \w+\W*$"
    r"|\b(?:ignore|disregard|forget) (?:all|any|the|your|previous|everything)\b|\bsystem prompt\b|\bas an ai\b|\byou are (?:now|a|an) (?:ai|assistant|bot|helpful)|\bjailbreak"
    r"|\b(?:use|add|no|include|put in|without) (?:some |a few |an? |any )?(?:emojis?|exclamation|jokes?|hashtags?|gifs?)\b|^(?:please )?sign (?:it )?(?:as|from|off)\b"
    r"|\b(?:bullet points|in \d+ words|under \d+ words|max(?:imum)? \d+ words|one paragraph)\b|(?:^|\bin |\bto )two lines(?= (?:max|pl[sz]|please|tops|only|will do)\b)|^(?:note to self|ps for you|btw coach)\b|\bdear (?:ai|bot|coach|app)\b"
    r"|^(?:please |can you |could you |just )*(?:write|draft|say|send|do|give|knock up|need|want)(?: (?!to\b)[\w'’-]+){0,4}? (?:something|note|message|card|e-?mail|few words|lines?|text|paragraph)\b(?!.*\bfor \w+ing\b)"
    r"|^(?:a )?(?:thank[- ]you|shout-?out|feedback|birthday|quick)? ?(?:note|message|card|e-?mail|text) (?:for|to)\b"
    r"|\b(?:i )?(?:do ?n[o'’]?t|not|no idea) (?:know |sure )?(?:if |how |whether )?(?:i (?:want|should) |to )?(?:say|tell|put|bring) (?:it|this|him|her|them|that)\b|\bnot sure (?:if |how |whether )?i (?:want|should)|\bhow to say it\b"
    r"|^(?:please )?(?:(?:talk|speak|write) to (?:him|her|them) (?:very |really )?(?:nice|gent|kind|firm|polite|soft|calm)ly|be (?:nice|gentle|kind|firm|polite|tactful)(?: (?:to|with|about) (?:him|her|them|it|this))?)\W*$"
    r"|^(?:(?:and|but|so|just|can you|could you|please),? )*(?:say|put|tell|phrase|word) (?:it|this|that)(?: to (?:him|her|them))? (?:without|in a|so|as|more|less|(?:very |really )?(?:nice|gent|kind|firm|polite|soft|calm|tactful)l?y)\b"
    r"|^(?:please )?(?:give|show|send|offer|make|do|draft) (?:me )?(?:a|an|two|three|2|3|some|a few|both|another)? ?(?:[\w-]+ )?(?:versions?|options?|drafts?|variants?|alternatives?)\b"
    r"|(?:^\W*|, )(?:(?:a|in a) )?(?:nice|friendly|firm|gentle|warm|kind|soft|professional|casual|formal|light)(?:,? (?:and |but )?\w+)? tone\W*(?:pls|plz|please|thanks|ta)\W*$"
    r"|^\W*(?:a |in a )?(?:nice|friendly|firm|gentle|warm|kind|soft|professional|casual|formal|light)(?:,? (?:and |but )?\w+)? tone\W*$"
    r"|\bgo (?:gentle|gently|easy|soft|softly)(?= (?:on|with) (?:it|him|her|them)\b|\W*$| please\b)"
    r"|(?:^|[,;] )(?:please |just )?(?:skip|drop|lose|cut|omit|leave out) (?:the|that) (?:[\w'’-]+ )?(?:business|bit|part|stuff|thing|story)\b"
    r"|^(?:and |so |please |can you |could you |just )*tell (?:him|her|them)(?: (?:please|pls|that|so|this))?\W*$"
    r"|^(?:please |pls |and |but )?do ?n['’]?t say \w+ (?:told|said|complained|asked|mentioned|moaned)\b"
    r"|(?:^|[;–-] )(?:please |can you |pls )?(?:say|mention|read)(?: (?:it|this|that|so))?(?: out)? (?:at|in|on) (?:the |our |tomorrow['’]?s )?(?:briefing|assembly|toolbox talk|stand-?up|huddle|handover|meeting|do|party|board)\W*$"
    r"|\bdo ?n[o'’]?t send\b|\bput (?:a|an|some|in) .{0,30}emoji|\bthis is confidential\b|\bplease be (?:gentle|nice|kind|firm|careful)|\b(?:he|she|they)['’]?ll probably\b|\bmake it sound\b"
    r"|^(?:how|what|when|where|should|do|does|is|would|any|can|could) (?:do|should|would|can|could|i|we|tips|advice|it|it's) .*\b(?:i|tips|advice)\b.*\?$"
    r"|^(?:how|what) (?:do|should|can|could|would) i\b|^should i\b|^any (?:tips|advice|ideas)\b|\bwhat do you think\b|\bhelp me (?:say|word|write|phrase|tell)\b",
    re.IGNORECASE,
)  # fmt: skip
INSULT = (
    r"idiots?|old grouch|morons?|lazy|useless|stupid|hopeless|pathetic|waste of space|clowns?|dimwit|dumb|incompetent|imbecile|slob|"
    r"jerk|lump|arse\w*|ass(?:hole)?|bastard|prick|wanker|dick|dickhead|bitch|cow|muppet|numpty|plonker|twat|git|fool|loser|liar|"
    r"nightmare|a joke|(?:thick|dumb|daft) as (?:mince|pig\w*|two short planks|an? \w+(?: move)?|\w+)|brain-?dead|good for nothing|good-for-nothing|dead weight|deadweight|princess|diva|drama queen|"
    r"bone idle|dozy|(?:behav\w+|act(?:s|ed|ing)?|sulk\w*|whin\w+) like an? (?:big |spoilt |spoiled |little |overgrown )?(?:toddler|brat|baby)|gormless|halfwit|pain in the (?:neck|arse|ass|backside)|lazybones|slacker|shit\w*|fuck\w*|crap|toxic|"
    r"crybaby|snowflake|airhead|dinosaur|thicko|cretin|rubbish at|careless|clueless|sloppy|selfish|arrogant|childish|immature|two-faced|"
    r"know-it-all|smartarse|melon|idle|piece of work|so[- ]and[- ]so|sod|greedy|thoughtless|brainless|gobby|stroppy|lump of lard|waster|chancer|pillock|berk|wally|tosser|moaner|whiner|diva|jobsworth|donkey|goon|buffoon|unprofessional|unreliable|disorganised|disorganized|spineless"
)
_CALLED_ANYWHERE = (
    r"battle-?axes?|harp(?:y|ies)|harridans?|bridezillas?|groomzillas?|busybod(?:y|ies)|gasbags?|windbags?|blowhards?|loudmouths?|big-?heads?|show-?offs?|"
    r"prima donnas?|little hitlers?|control freaks?|slave-?drivers?|thugs?|yobb?o?s?|louts?|hooligans?|oafs?|dunces?|nitwits?|twits?|nincompoops?|ninn(?:y|ies)|simpletons?|"
    r"nutters?|nutcases?|nutjobs?|weirdos?|creeps?|slimeballs?|scumbags?|scum|wannabes?|boy wonder|golden (?:boy|girl)|teacher['’]s pet|toe-?rags?|ratbags?|layabouts?|skivers?|scroungers?|freeloaders?|slowcoach(?:es)?|"
    r"doofus(?:es)?|dorks?|klutz(?:es)?|butterfingers|scatterbrains?|bimbos?|dipsticks?|wazzocks?|knobheads?|bellends?|killjoys?|miser(?:y|ies) guts|sourpuss(?:es)?|"
    r"prats?|dolts?|blockheads?|boneheads?|numbskulls?|meatheads?|knuckleheads?|lummox(?:es)?|dingbats?|whingers?|wimps?|wuss(?:es)?|brats?|lord muck|lady muck|queen bee|smurfs?|hobbits?|fatso|baldy|muppets|plonkers|numpties|idlers?|cowboy builders?|tosspots?|gits|jobsworths|divas|clever ?clogs|smart ?alecs?k?"
)
"""Said of a person and of nothing else."""
_CALLED_SOMETIMES = (
    r"witch(?:es)?|animals?|beasts?|monsters?|dragons?|old bats?|old trout|old goats?|rats?|snakes?|weasels?|worms?|donkeys?|mules?|pigs?|cows?|tools?|knobs?|spanners?|lemons?|"
    r"(?:headless )?chickens?|madam|melons?|cowboys?|devils?|tits?|planks?|dough-?nuts?|donuts?|dopes?|turnips?|cowards?|sheep|hags?|clowns?|princess(?:es)?|his lordship|her ladyship|his majesty|her majesty|jokers?|fossils?|dinosaurs?"
)
"""The names of other things too: a label where the sentence uses them as one."""
INSULT = rf"{INSULT}|{_CALLED_ANYWHERE}"
INSULTS = re.compile(rf"\b(?:{INSULT})\b", re.IGNORECASE)
_ANY_LABEL = rf"(?:{INSULT}|{_CALLED_SOMETIMES})"
_GRADED = r"(?:(?:absolute|total|complete|proper|right|real|utter|bloody|old|little|silly|stupid|daft|miserable|lazy|headless|fat|stuck-up|bossy|resident) )*"
LABELLED = (
    (re.compile(rf"\b{_GRADED}{_ANY_LABEL} of an? (?=[a-z])", re.IGNORECASE), ""),
    (re.compile(rf"\b(?:that|this|the|our|some) {_GRADED}{_ANY_LABEL} (?=(?-i:[A-Z])[a-z]+\b)", re.IGNORECASE), ""),
    (
        re.compile(rf"\b(?:that|this|those|these|some) {_GRADED}{_ANY_LABEL}(?= (?:from|at|in|on|over|next door|upstairs|downstairs|with)\b)", re.IGNORECASE),
        "somebody",
    ),
    (re.compile(rf"\b(?:the|our|an?) {_GRADED}(?:{_CALLED_ANYWHERE})(?= (?:from|at|in|over|next door|upstairs|downstairs)\b)", re.IGNORECASE), "somebody"),
    (re.compile(rf"\s*\({_GRADED}{_ANY_LABEL}(?: that (?:he|she) is)?\)|,\s*(?:the |our |a |an )?{_GRADED}(?:{_CALLED_ANYWHERE})(?=\s*[,.!?]|$)", re.IGNORECASE), ""),
    (re.compile(rf",? our (?:own |very own )?{_GRADED}{_ANY_LABEL}(?=,)", re.IGNORECASE), ""),
    # Dictated, without a mark: "pics of the match so waste of space frankly i need a call".
    (re.compile(r"(?<=\w\w)(?<!\bis)(?<!\bwas)(?<!\bbe)(?<!hes)(?<!\bare) (?:so |and |just |frankly |honestly )*(?:waste of space|good[- ]for[- ]nothing)(?: frankly| honestly| tbh)?(?= \w)", re.IGNORECASE), ","),
    (re.compile(rf"(?<!\blook)(?<!\bfeel)(?<!\blooking)\s+like (?:an? |some )?{_GRADED}{_ANY_LABEL}(?=\s*[,.!?;]|$)", re.IGNORECASE), ""),
    (re.compile(rf"(?<=\bwith )(?:that |the )?{_GRADED}(?:{_CALLED_ANYWHERE})(?=\s*(?:[,.!?;]|$|\bon\b|\bin\b|\bat\b))", re.IGNORECASE), "somebody"),
)  # fmt: skip
"""Where a label stands for somebody other than the one who acts, and what is left in its place."""
LITERAL = re.compile(
    r"\b(?:cow|clowns?|princess|donkey|dinosaur|joke|nightmare|lump|git|melon|crap|dick|fool|toxic|snowflake)\b(?! (?:of|who|left|never)\b)",
    re.IGNORECASE,
)
"""Also the names of things: an insult only beside another one, or as what somebody is said to be."""
COMPARED = re.compile(
    r",?\s*\b(?:(?:which|that) is )?more than (?:i|you|we) can say (?:for|of|about) [^.;!?]*"
    r"|,?\s*\b(?:unlike|not like|compared (?:to|with)|(?:better|worse|more|faster|slower) than(?= (?:the (?:others?|rest)|(?:every|any)(?:one|body)|most|all (?:the|of)|others|some\b|that lot|(?:his|her|their) (?:colleagues|mates)|(?-i:(?!I\b)[A-Z][\w'’-]+)))|instead of (?-i:[A-Z][a-z])\w*)\b[^.,;!?]*(?:,(?= who| which)[^.,;!?]*)?"
    r"|,?\s*\bsame as (?-i:(?!I\b)[A-Z])[\w'’-]+ (?:did|does)\b[^.,;!?]*"
    r"|,?\s*\b(?:(?:and|but) )?(?:i know )?(?-i:(?!I\b)[A-Z][\w'’-]+) (?:does it|does|is|was|did|did it) (?:even |much |far |way )?worse\b(?: than \w+)?(?:, (?:he|she|they)\b[^.;!?]*)?"
    r"|,?\s*\b(?:and|but) (?-i:(?!I\b)[A-Z][\w'’-]+) (?:was|is) (?:no|hardly|not (?:any|much)) better(?=\s*(?:[.,;!?]|$))"
    r"|,?\s*\b(?:while|whereas|when) (?:the others|everyone else|(?-i:(?!I\b)[A-Z])[\w'’-]+) (?:just |only |never |always |once again |as usual )*"
    r"(?:sat|sits|stood|did nothing|does nothing|couldn['’]t be bothered|can['’]t be bothered|skived|skives|moaned|moans|slept|hid|hides|scrolled|complained|complains|swanned|vanished|disappeared|never|was on (?:his|her|their) phone)[^.,;!?]*",
    re.IGNORECASE,
)
_OTHERS_FAULT = re.compile(
    r"\b(?:useless|lazy|never|forgot|forgets|couldn['’]t be bothered|can['’]t be bothered|failed|refused|moaned|messed|screwed|broke|"
    r"skived|late again|didn['’]t (?:even )?(?:bother|lift|help|turn up|show|do)|did nothing|ignored|dropped the ball|made a mess|left a mess|"
    r"walked off|walked (?:straight |right )?past|should have|should['’]ve|would ?n['’]?t (?:help|lift|do|come)|did the same|snapped|shouted|lost the|got it wrong|blew|lied|slacking|hungover|drunk|slept in|complained|was too busy on|swore|does that|does it all)\b",
    re.IGNORECASE,
)


class Reason(StrEnum):
    """Why something the leader typed is not in the message: shown to the leader."""

    ASIDE = "said to Coach, not to them"
    INSULT = "names what they are, not what they did"
    OTHERS_FAULT = "about someone else's fault"
    COMPARISON = "compares them with someone else"
    PRIVATE = "private, and others can read this channel"
    GUESS = "a guess at why, not what you saw"


@dataclass(frozen=True, slots=True)
class LeftOut:
    text: str
    reason: Reason


ROLE_LABELS = {
    Missing.BEHAVIOUR: "behaviour",
    Missing.SITUATION: "occasion",
    Missing.IMPACT: "impact",
    Missing.WISH: "wish",
}
_PRAISES = re.compile(
    r"\W*(?:what )?(?:an? )?(?:really |so |such |just )?(?:great|good|brilliant|lovely|fantastic|excellent|amazing|superb|wonderful|outstanding|nice)\b",
    re.IGNORECASE,
)
_PRAISED = re.compile(
    r"(?:['’]s|['’]re|\b(?:is|are|was|were))(?: (?:so|really|very|always|just))* (?:great|good|brilliant|lovely|fantastic|excellent|amazing|wonderful|kind|patient) (?:with|at|to|on)\b",
    re.IGNORECASE,
)
"""A word for a person, and kept all the same: the leader thanks with it, and is asked what was done."""
_GOOD_AT_IT = re.compile(
    r"\W*(?:he|she|they|[A-Z][\w-]+)(?:['’]s|['’]re| is| are) (?:an? )?(?:really |very |such an? )?(?:good|great|brilliant|lovely|fantastic|excellent|amazing|superb|wonderful|decent|solid|cracking)(?: \w+)?\W*$",
    re.IGNORECASE,
)
SHORTEST_DEED = 4


def joined_deed(text: str) -> int | None:
    """Where in a private matter a deed begins that is only joined to it: "came back from paternity leave | and sorted the dishwasher"."""
    for joint in re.finditer(r"\s+(?=(?:and|&)\s+\w)", text):
        deed = [token for token in tag(text[joint.end() :])[1:] if token.tag != "AV0"]
        acts = bool(deed) and deed[0].tag in ("VVD", "VVN") and len(deed) >= SHORTEST_DEED
        if acts and PRIVATE.search(text[: joint.start()]) and not PRIVATE.search(text[joint.end() :]):
            return joint.start()
    return None


PRIVATE_POSSIBLE, OF_FAMILY = 0.05, 0.5
"""The probability of a word below which a suspicious one is harmless; where it is only one of the family it must be likely."""
_FAMILY = re.compile(
    r"(?:his|her|their|your) (?:mum|mother|mom|dad|father|wife|husband|partner|son|daughter|child|kid|kids|sister|brother|family|parents|baby|gran|nan)(?:['’]s)?",
    re.IGNORECASE,
)
_UNFIT = (
    (Reason.PRIVATE, "private", 0.4, 0.6),
    (Reason.ASIDE, "aside", 0.4, 0.8),
    (Reason.INSULT, "insult", 0.3, 0.7),
    (Reason.OTHERS_FAULT, "others-fault", 0.2, 0.8),
    (Reason.GUESS, "speculation", 0.5, 0.8),
)
"""Reason, label, the probability from which on a part is unfit, and the share it must have of what the part tells."""


def may_be_private(sentence: Span, labels: Labels) -> bool:
    """Whether a word for private matters could be meant so: "his mum cannot say your name without a tear" is praise."""
    words = {found.group() for found in PRIVATE.finditer(sentence.text)}
    if any(_PAY.search(word) for word in words):
        return True
    family = all(_FAMILY.fullmatch(word) for word in words)
    least = OF_FAMILY if family else PRIVATE_POSSIBLE
    return labels.peak("private", sentence.start, sentence.end) >= least


_PAY = re.compile(r"[£$€]\s?\d")
"""An hour's wage is nobody else's, whatever the model thinks of it."""


def calls_nobody(text: str) -> bool:
    """ "Floor greasy", "with pudding": things alone, and no word that is a label."""
    tokens = tag(text)
    things = [t for t in tokens if t.tag.startswith("NN")]
    anybody = any(t.tag in ("PNP", "NP0", "DPS", "PNI") or t.low in VERB_WITHIN for t in tokens) or any(
        can_be_somebody(lemma(t.low)) for t in things
    )
    return bool(things) and not anybody and not INSULTS.search(text) and not has_verb(text)


_WELL_OF = re.compile(
    r"(?<!so )(?<!too )(?<!all )(?<!as )(?<!any )\b(?:decent|bright(?! as)|brilliant|excellent|superb|fantastic|talented|skilled|gifted|capable|careful|reliable|conscientious|thoughtful|dedicated|hard-?working|good)\b"
    r"(?!['’-]| (?:for nothing|deal|luck|riddance|enough|one|night|time|row|laugh|moan|idea|at (?:sulking|skiving|moaning)))",
    re.IGNORECASE,
)
_UNKIND = re.compile(
    r"\b(?:no|not|never|hardly|neither|if|would|should|could|thinks?|makes?|god|like an?)\b|n['’]t\b|\b(?:is|was|does|did|do|has|had|have|are|were|would|could|should|wo|ca)nt\b",
    re.IGNORECASE,
)


_GIFT = re.compile(r"\b(?:real|true|rare|great) (?:gift|talent|eye|knack|flair)\b", re.IGNORECASE)


def praises(text: str) -> bool:
    plainly = _WELL_OF.search(text) and not _UNKIND.search(text)
    said = plainly or _GIFT.search(text) or _PRAISES.match(text) or _PRAISED.search(text) or _GOOD_AT_IT.match(text)
    return bool(said) and not INSULTS.search(text)


_LABEL_OF_ANY = re.compile(rf"\b{_ANY_LABEL}\b", re.IGNORECASE)


_TITLED = re.compile(
    r"\b(?:his|her|their|your) (?:worship|lordship|ladyship|highness|majesty|nibs|grace)\b", re.IGNORECASE
)


_WILL_NOT = re.compile(
    r"\b(?:won['’]?t|wouldn['’]?t|didn['’]?t|doesn['’]?t) (?:even |ever )?[a-z]+ (?:the|a|an|her|him|them|us|me|it|his|their|my|our)\b",
    re.IGNORECASE,
)


_LEFT_LIKE = re.compile(
    r"\b(?:leaves?|left|keeps?|kept) (?:his|her|their|your|the) [\w -]{1,40}? like an? (?:bomb ?site|tip|pig ?sty|dump|battlefield|war ?zone|mess)\b"
    r"|\b(?:never|not|doesn['’]?t|didn['’]?t|don['’]?t) (?:once )?(?:made?|makes?|lets?|leaves?|left) (?:\w+ ){1,2}feel\b",
    re.IGNORECASE,
)
"""Things left like that, and what nobody is made to feel."""


def _tells_a_deed(text: str) -> bool:
    """ "Shareen even rang round for a hotel": what somebody did, and no word for what they are."""
    tags = [token.tag for token in tag(text)]
    acts = "VVD" in tags or any(one in ("POS", "VBZ", "VBD") and then == "VVG" for one, then in pairwise(tags))
    acts = acts or bool(_WILL_NOT.search(text)) or bool(_LEFT_LIKE.search(text))
    named = (
        _LABEL_OF_ANY.search(text) or _TITLED.search(text) or re.search(r"\blike (?:an?|some)\b", text, re.IGNORECASE)
    )
    return acts and not (named and not _LEFT_LIKE.search(text))


_FOR_COACH = frozenset(
    "make keep put write say sound be add stick sort tidy fix use leave mention bring go bang wrap ignore steer scratch swallow edit dress soften "
    "phrase word help call sign tell send take cut drop skip lose do let give draft show thank ask have get turn read spell quote name blame "
    "refer allude include exclude omit forget disregard remember note mind excuse correct check change swap translate shorten start end "
    "overdo overegg over-egg egg overthink rub avoid scare lecture sing jazz polish trim pad gush waffle ramble preach sugarcoat sugar labour dwell harp".split()
)
"""What software could be told to do."""
_ORDERED = re.compile(
    r"(?:(?:so|and|but|just|please|pls|plz|now|then),? )*(?:do ?n['’]?t |do not |never )?", re.IGNORECASE
)
_OF_WRITING = re.compile(
    r"\b(?:message|note|card|words?|lines?|text|email|tone|joke|emoji\w*|robot|grammar|spelling|typos?|names?|gush\w*|flower\w*|fluff\w*|soft|gentle|gently|nice|nicer|kind|sentences?|paragraphs?|coach|app|bot)\b",
    re.IGNORECASE,
)


def told_to_do(text: str) -> bool:
    """ "Dont give out dates", "so dry it hang it": an order that nobody gives to software."""
    at = _ORDERED.match(text)
    tokens = tag(text[at.end() :]) if at else ()
    words = [token for token in tokens if token.tag != "PUN"]
    orders = len(words) > 2 and tokens[0].tag in ("VVB", "VVI") and tokens[0].low == lemma(tokens[0].low)
    out = len(tokens) > 1 and tokens[0].low == "give" and tokens[1].low in ("out", "up", "away", "back")
    return orders and (out or tokens[0].low not in _FOR_COACH) and not _OF_WRITING.search(text)


_GUESSED = re.compile(
    r"\b(?:think|thinks|thought|reckon|guess\w*|suspect|suspicion|suppose|bet|doubt|expect|assum\w+|imagine|prob\w*|maybe|perhaps|must|might|may|could|seem\w*|looks?|apparent\w*"
    r"|clearly|obv\w*|as if|as though|try\w*|tried|want\w*|after|afraid|scared|because|cos|since|feel\w*|sure|know|wonder|ask me|likely|somehow|sounds?|whether|either|hop\w+|figure|sense"
    r"|mood|mind|heart|sulk\w*|jealous\w*|bored|hungover|drunk|angry|upset|cross|stress\w*|secretly|just|can['’]?t|for the|to (?:get|avoid|look|be))\b",
    re.IGNORECASE,
)
"""What a guess has that says so, or what is in somebody's head."""


def why_unfit(part: Span, channel: Channel, labels: Labels, team: bool = False) -> Reason | None:
    """Why a part is not for the recipient's eyes; what one of a `team` did is a fault only where a word says so."""
    tells = max(labels.mean(name, part.start, part.end) for name in ROLE_LABELS.values())
    quoted = 0.3 if re.search(r"[“”\"]", part.text) else 0.0
    scores = [
        (p - least, reason)
        for reason, name, least, share in _UNFIT
        if (p := _probability(name, part, labels)) >= least + quoted + doubt(reason, part.text)
        and p >= share * tells
        and (channel.others_read or reason is not Reason.PRIVATE)
        and not (reason is Reason.INSULT and _is_no_insult(part.text, p))
        and not (reason is Reason.ASIDE and p < SURELY and not has_verb(part.text) and ")" not in part.text)
        and not (reason is Reason.ASIDE and _is_for_them(part.text, p))
        and not (reason is Reason.GUESS and _is_no_guess(part.text, p))
        and (reason is not Reason.OTHERS_FAULT or _is_fault_of_another(part, labels))
        and not (reason is Reason.OTHERS_FAULT and team and not FAULTY.search(part.text))
    ]
    if not scores and _blames(part, labels):
        return Reason.OTHERS_FAULT
    return max(scores)[1] if scores else None


def _probability(name: str, part: Span, labels: Labels) -> float:
    """Of all its words; "I think she is drinking again" is a guess where it is private, too."""
    p = labels.mean(name, part.start, part.end)
    guessed = name == "speculation" and re.match(
        r"\W*(?:and |but )?i (?:think|reckon|bet|guess|suspect)\b", part.text, re.I
    )
    return max(p, labels.mean("private", part.start, part.end)) if guessed else p


def _is_no_insult(text: str, probability: float) -> bool:
    nobody = probability < CALLS_SURELY and calls_nobody(text)
    tags = [token.tag[:2] for token in tag(text)]
    named = INSULTS.search(text) or "VM" not in tags or not {"NN", "AJ", "UN", "VV"}.isdisjoint(tags)
    return praises(text) or nobody or not named or _tells_a_deed(text)  # "what Kew couldn't" is no name for anybody


def _is_no_guess(text: str, probability: float) -> bool:
    unsaid = not _GUESSED.search(text) and not FAULTY.search(text)
    return (praises(text) and not _GUESSED.search(text)) or (probability < SURELY and unsaid)


def _is_for_them(text: str, probability: float) -> bool:
    """An order nobody gives to software, or a statement without a word of either who writes or who reads it."""
    was = any(token.tag in ("VVD", "VBD", "VHD", "VDD") for token in tag(text))
    sure = probability >= (CALLS_SURELY if was else SURELY)
    told = has_verb(text) and not sure and not _SAID_TO_COACH.search(text) and not _NO_MORE.match(text)
    if re.match(
        r"(?:and |also )?(?:a )?special (?:mention|thanks?|shout-?out)\b|[\"“][^\"”]+[\"”](?! (?:to|for|please|make|put|sign|use|is|will|would|and|in|as|at|on)\b)",
        text,
        re.IGNORECASE,
    ):
        return True  # what somebody said is no word to software
    needed = re.match(
        r"(?:(?:he|she|they) )?(?:just |really )?needs? to (?!know\b|say\b|sound\b|read\b|go\b|fit\b|come\b|be (?:short|brief|warm|nice|kind|firm|soft|in|on|out|sent)\b)",
        text,
        re.I,
    )
    return (told or needed is not None or told_to_do(text)) and not ASIDES.search(text) and not _OF_WRITING.search(text)


_NO_MORE = re.compile(r"\W*(?:no|not|nothing|only|just|too)\b", re.IGNORECASE)
_SAID_TO_COACH = re.compile(
    r"\b(?:i|i['’]\w+|im|ive|me|my|you|you['’]\w+|your|it|this|that|we|they|he|she)\b", re.IGNORECASE
)
CALLS_SURELY = 0.95
"""The probability from which on a thing alone is a label ("Big gob."), and a statement is said to Coach."""
HINTED = 0.1
"""The probability from which on a reason that blames somebody, in so many words, is others' fault."""
_BLAMED_FOR = re.compile(
    r"\b(?:hungover|drunk|fell asleep|was asleep|just (?:stood|sat|watched)|(?:had )?forgot(?:ten)?|never turned (?:up|in)|did ?n['’]?t (?:turn|show) up|could ?n['’]?t be (?:bothered|arsed)"
    r"|left out|skived|overslept|slept in|no[- ]show(?:ed)?|on (?:his|her|their) phone|(?:messed|botched|ballsed|cocked|screwed)(?: \w+)? up|walked (?:off|out)|swanned off|bunked off)\b",
    re.IGNORECASE,
)


def _blames(part: Span, labels: Labels) -> bool:
    """ "Fish not ordered cos Marco was hungover again": a reason with a culprit, of which the model has a hint."""
    hangs = _LED_IN.match(part.text) or _HANGING.match(part.text)
    hinted = labels.mean("others-fault", part.start, part.end) >= HINTED
    if hinted and _BLAMES_PLAINLY.search(part.text):
        return True
    return bool(hangs and hinted and _BLAMED_FOR.search(part.text)) and _is_fault_of_another(part, labels)


_BLAMES_PLAINLY = re.compile(
    r"^\W*(?i:if) (?!(?i:you|i|we|he|she|they|it)\b)[\w'’ -]{2,30}? had (?!n['’]t|not)\w+\b.*\bwould(?:n['’]?t| not)\b"
    r"|\b(?i:was|were|been|got|being) (?i:botched|bungled|messed up|fouled up|muddled|mislabelled|misread|mislaid) by (?!you\b)[A-Z]"
)
""" "If Dave had told anyone we would not have been stuck", "botched by Karen"."""


FAULTY = re.compile(
    r"\b(?:useless|lazy|never|nobody|no one|not|forg[oe]t\w*|bother\w*|fail\w*|refus\w+|moan\w*|mess\w*|screw\w*|broke|skiv\w+|late|ignor\w+"
    r"|dropped the ball|walk\w* (?:off|out|(?:straight |right )?past)|should have|should['’]ve|did the same|snap\w*|shout\w*|lost|wrong|blew|lied"
    r"|slack\w*|hungover|drunk|slept|complain\w*|swor?e|does (?:that|it)|left|missed|blam\w+|always|again|sat|stood|too busy|as usual|gave up"
    r"|mistakes?|careless\w*|sloppy|cut corners|on (?:his|her|their) phone|dump\w*|bunk\w*|swann\w*|disappear\w*|vanish\w*|quit|let (?:us|me|them|you|him|her|everyone) down"
    r"|cock\w* (?:it|this|that|things )?up|botch\w*|ruin\w*|skip\w*|dodg\w+|hid|hides|hogg\w*|cancel\w*|oversl\w+|argu\w+|sulk\w*|slagg?\w*|shirk\w*|abandon\w*|neglect\w*"
    r"|overlook\w*|asleep|binned|let (?:him|her|them)|mix\w* up|misread|mislaid|misplac\w+|wast\w+|spill?\w*|dropp?ed|crash\w*|delet\w+|stole|cheat\w*|gossip\w*|bullied|bullying|yell\w*|swear\w*|useless|off sick again"
    r"|no better|no use|just (?:stood|sat|watched|pressed|walked)|no[- ]show|off (?:again|with|somewhere)|out of it|chatting|gossiping|scrolling|sloped|slunk|wander\w* off|(?:went|gone) (?:home|off|missing)|(?:said|says|told) no|could ?n[o'’]?t care)\b|n['’]?t\b|['’]s (?:job|fault|turn|mess)\b",
    re.IGNORECASE,
)
_PEOPLE = frozenset(
    "crew team shift nurse nurses doctor doctors driver drivers owner manager managers boss supervisor lead others everyone everybody nobody "
    "lads guys girls staff colleague colleagues mate mates rest people porter porters teacher teachers agency supplier firm trainee temp temps "
    "apprentice foreman chef waiter guard clerk cleaner cleaners technician night-shift day-shift lot someone somebody one".split()
)
_MADE_TO = re.compile(
    r"\b(?:said|learn\w*|thank\w*)\b|\b(?:had|has|have) to\b|\bwould have\b|\basked\b|\bhelp\w*\b", re.IGNORECASE
)
SURELY = 0.85
"""The probability from which on a deed of somebody else's is a fault without a word for one."""
CALLS_NO_NAMES, NOT_PRIVATE = 0.1, 0.3
MEANS_THEM = 0.25
"""The probability from which on a word is the recipient: what they did is nobody else's fault."""


NO_FAULT = re.compile(
    r"^\W*(?:shout[- ]?out|hats off|well done|kudos|props) to\b|\bmade sure\b|\b(?:do|does)(?: not|n['’]?t) know\b"
    r"|\bif\b.*\b(?:had ?n['’]?t|had not) (?:\w+ )?(?:caught|noticed|spotted|stopped|seen|stepped|rung|checked|found|heard)\b"
    r"|^\W*(?:after|when|because|since|once|until|till) [\w'’-]+ (?:caught|spotted|noticed|found) (?:the|an?|it|that|this)\b(?!.*\b(?:and|but)\b)"
    r"|\b(?:nobody|no one|no-one)(?:['’]d| had| has)? (?:even |ever )?(?:asked|rung|called|told|expected|sent for)\b"
    r"|\b(?:said|says|thought|reckoned|swore) (?:that )?(?:it|that|this) (?:could|can|would)(?: ?n['’]?t|not| not) (?:be )?(?:done|fixed|mended|saved|repaired|possible|work)\b"
    r"|^\W*(?:meanwhile,? |while |as )?[\w’'-]+ (?:covered|was covering|filled in|stood in|stepped in|helped|took over)(?! (?:up|his|her|their|himself|herself)\b)"
    r"(?!.*(?:\b(?:and|but|then|badly)\b|n['’]t\b|[,;:]))",
    re.IGNORECASE,
)
"""Thanks to somebody, "if Marcus hadn't caught it", "Faye doesn't know", "Leila covered reception"."""


FAULT_SURELY, WHATEVER_WORDS_SAY, SHORTEST_FAULT = 0.6, 0.9, 3
"""The mean probability from which on the reader alone is believed that it is somebody's fault, unless the recipient does it
or is made to; the one from which on it is believed even then; the fewest words."""


def _is_fault_of_another(part: Span, labels: Labels) -> bool:
    """Whether somebody other than the recipient and the leader does something wrong in it."""
    probable = labels.mean("others-fault", part.start, part.end)
    enough = len(part.text.split()) >= SHORTEST_FAULT
    if NO_FAULT.search(part.text):
        return False
    if probable >= WHATEVER_WORDS_SAY and enough:
        return True
    probable = 0.0 if _MADE_TO.search(part.text) else probable
    lead = _LED_IN.match(part.text)
    tokens = tag(part.text[lead.end() :] if lead else part.text)
    verb = _finite(tokens)
    if verb is None:
        return probable >= (FAULT_SURELY if enough else SURELY) and bool(enough or _SOMEBODYS.search(part.text))
    before = [token for token in tokens[:verb] if token.tag[:2] in ("NN", "NP", "PN", "DT") or token.low in _PEOPLE]
    subject = before[-1] if before else None
    led = part.start + (lead.end() if lead else 0)
    if subject and labels.peak("recipient", led + subject.start, led + subject.end) >= MEANS_THEM:
        return False
    if probable >= FAULT_SURELY and enough and not (subject and _is_thing(subject)):
        return True
    sure = probable >= SURELY
    return (sure or bool(FAULTY.search(part.text))) and _is_fault_by_words(part.text, tokens, verb, subject, bool(lead))


def _finite(tokens: Sequence[Token]) -> int | None:
    verb = next((at for at, token in enumerate(tokens) if token.tag in FINITE), None)
    if verb is None and tokens and tokens[0].tag == "NP0":
        verb = next((at for at, token in enumerate(tokens) if token.tag == "VVN"), None)
    return verb


def _is_thing(subject: Token) -> bool:
    return subject.tag[:2] == "NN" and subject.low not in _PEOPLE and not can_be_somebody(lemma(subject.low))


def _is_fault_by_words(text: str, tokens: Sequence[Token], verb: int, subject: Token | None, led: bool) -> bool:
    """Where the reader is not sure: the model alone takes any other person, and often the recipient's own deed, for it."""
    if subject is None or subject.low in ("which", "that", "who", "this", "it"):
        return any(
            token.tag == "NP0" or (at and token.text[0].isupper() and token.low != "i")
            for at, token in enumerate(tokens)
        )
    if not FAULTY.search(text):
        # "Stef chased the missing orders": what a colleague did, told for itself, is mostly to their credit.
        before_it = [token.tag for token in tokens[verb : verb + 3]]
        hangs = led or _HANGING.match(text) or (before_it[0] == "VHD" and "VVN" in before_it)
        somebody = subject.tag == "NP0" or subject.low in _PEOPLE or can_be_somebody(lemma(subject.low))
        return bool(hangs) and somebody
    by_somebody = _SOMEBODYS.search(text) or re.search(r"\bby [A-Z]", text)
    if _is_thing(subject) and tokens[verb].tag in ("VBD", "VBZ", "VVD") and not by_somebody:
        return False  # "the office template was wrong"
    return subject.tag[:2] in ("NP", "NN") or subject.low in _PEOPLE | {"he", "she", "they"}


_LED_IN = re.compile(r"\W*(?:because|becuase|becasue|beacuse|bcos|cos|cause|coz|cuz)\s+", re.IGNORECASE)
"""Which the tagger takes for a noun where it is misspelt."""
_HANGING = re.compile(r"\W*(?:which|that|who|whom|whose|while|when|after|since|as|unlike|instead)\b", re.IGNORECASE)
_SOMEBODYS = re.compile(r"[A-Z][\w-]+['’]s\b|\bunlike\b|\b(?:the|those|that) (?:\w+ )?(?:\w+s)['’] ")


def doubt(reason: Reason, text: str) -> float:
    """What the model must be surer by where no word of the part says so: "Amir's been quiet" calls nobody names, and
    "Leila covered reception" is not private for standing beside what is."""
    if reason is Reason.INSULT and not INSULTS.search(text):
        return CALLS_NO_NAMES
    return NOT_PRIVATE if reason is Reason.PRIVATE and not PRIVATE.search(text) else 0.0


_INNER_PART = re.compile(
    r",\s+|\s[–—-]+\s|\s?\(|\)\s?|;\s|:\s"
    r"|\s+(?=and (?:[\w'’-]+ ){1,3}(?:he|she|they|we|i|you)\b)|\s+(?=and (?:[\w'’-]+ ){0,3}(?:shes|hes|theyre|theyve)\b)"
    r"|(?<!\beven)\s+(?=(?:because|becuase|becasue|beacuse|bcos|cos|cause|coz|cuz|since|although|though(?=\s+\w)|while|whereas|which|who|so|despite|unlike|when|where|if|even though|instead of|after)\b)",
    re.IGNORECASE,
)


def inner_parts(sentence: Span) -> tuple[Span, ...]:
    """The parts of a sentence that an editor could take out: clauses, asides between marks, subordinate clauses."""
    found = []
    for clause in split_clauses(sentence.text):
        marks = [*_INNER_PART.finditer(clause.text), *_INSULTED.finditer(clause.text)]
        cuts = [0, *sorted({m.end() for m in marks}), len(clause.text)]
        for start, end in pairwise(cuts):
            if re.search(r"\w", clause.text[start:end]):
                at = sentence.start + clause.start
                found.append(Span(at + start, at + end, clause.text[start:end]))
    return tuple(found)


_INSULTED = re.compile(
    rf"\b(?:you|u|ya) (?:\w+ ){{0,2}}?(?:{INSULT})\s+(?=(?:the|your|we|i|it|that|this|there|he|she|nobody|no one|my|our|you|u)\b)",
    re.IGNORECASE,
)
"""An insult flung before what happened, without a mark between: "you lazy sod the pool was not tested"."""


def why_unfit_by_words(clause: str, suspect: bool, forms: tuple[str, ...]) -> Reason | None:
    if suspect and PRIVATE.search(clause):
        return Reason.PRIVATE
    if INSULTS.search(clause) and _is_label(clause) and not _LEFT_LIKE.search(clause):
        return Reason.INSULT
    opening = re.sub(
        r"^(?:(?:yeah|mind you|and|but|though|honestly|anyway|well)\b,? )+",
        "",
        clause.strip(" ,;–-"),
        flags=re.IGNORECASE,
    )
    first = next((t for t in tag(opening) if t.tag not in ("CJC", "CJS", "AV0", "PUN")), None)
    named = first is not None and (
        (first.tag == "NP0" and first.text[0].isupper() and not re.fullmatch(DAY, first.low))
        or re.match(r"(?:and |but )?(?:the others|everyone else|the rest)\b", clause, re.I)
    )
    if (
        named
        and first
        and first.low.rstrip(".") not in {w.lower().rstrip(".") for f in forms for w in f.split()}
        and not any(
            re.match(rf"[\w.]+ {re.escape(form)}\b", opening, re.IGNORECASE) for form in forms
        )  # "Prof Adeyemi"
        and _OTHERS_FAULT.search(clause)
    ):
        return Reason.OTHERS_FAULT
    return None


def _is_label(clause: str) -> bool:
    """Whether the insult is said of a person, not of a thing ("a nightmare shift", "the joke he told", "her lazy old labrador")."""
    clause = re.sub(
        rf"\b(?:his|her|their) (?:{INSULT})(?= (?:old |little )?[a-z]{{3,}})", "", clause, flags=re.IGNORECASE
    )
    person = r"(?:[Hh]es|[Ss]hes|[Yy]oure|he|she|they|you|He|She|They|You|him|her|them|[A-Z][\w'’-]+)"
    return bool(
        re.search(
            rf"\b{person}(?:['’]s|['’]re)?(?: (?:is|are|was|were|can be|has been|being))?(?: (?:just|so|such|really|always|a bit|being|too|completely|totally|absolutely|total|complete|absolute|proper|utter|right|real|an?|the|as))* (?:[\w'’-]+ )?(?:{INSULT})\b",
            clause,
        )
        or re.match(
            rf"\W*(?:and |but |so |such |what |just )*(?:an? |the )?(?:[\w'’-]+ )?(?:{INSULT})\W*$",
            clause,
            re.IGNORECASE,
        )
        or re.search(r"\b(?:fuck\w*|shit\w*|arse\w*|bastard|prick|wanker|twat|dickhead)\b", clause, re.IGNORECASE)
    )
