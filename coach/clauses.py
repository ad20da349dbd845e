"""What each sentence of the leader's does: situation, behaviour, impact or wish, or nothing for the recipient's eyes.

Shared by the drafter (what to say, what to ask) and by grounding (what a clause is).
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from coach.language import Span, Token, carried, lemma, sentences, tag, verb_lemma
from coach.situation import Channel, Missing
from coach.thesaurus import can_be_somebody
from coach.tuned import Labels

_DAY = (
    r"today|tonight|yesterday|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|"
    r"january|february|march|april|june|july|august|september|october|november|december|christmas|easter"
)
_OCCASION = (
    r"meeting|shift|call|handover|demo|lesson|class|review|stand-?up|briefing|round|rounds|visit|launch|release|outage|"
    r"inspection|audit|delivery|rehearsal|performance|matinee|service|lunch|breakfast|dinner|event|fair|gala|workshop|training|"
    r"session|interview|presentation|tour|rush|flood|storm|fire|drill|alarm|surgery|operation|assembly|trip|open day|"
    r"conference|retro|retrospective|sprint|deadline|emergency|night|morning|afternoon|evening|week|month|term|"
    r"ward|site|shop|store|till|theatre|kitchen|floor|office|lab|warehouse|yard|gate|reception|room|bay|counter|desk|"
    r"line|queue|match|exam|parents' evening|kick-?off|hour|minutes|appointment|match|funeral|wedding|harvest|milking|"
    r"close|closing|opening|start|check-?in|check-?out|changeover|onboarding|migration|deploy|deployment|course"
)
OCCASION = re.compile(
    rf"\b(?:{_DAY}|(?:mon|tues?|wed|thurs?|fri|sat|sun)s?)\b"
    r"|\b(?:this|last|the other|that|on|next) (?:morning|afternoon|evening|night|week|month|shift|year|day|weekend)\b"
    r"|\b(?:at|by|around|before|after|since|until|till|from) (?:\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|o'clock)?\b|noon|midnight|\w+ o'clock|half past|quarter)"
    r"|\b\d{1,2}(?::|\.)\d{2}\b|\b\d{1,2}\s?(?:am|pm)\b"
    rf"|\b(?:in|at|on|during|before|after|for|throughout|through|over|into|outside|behind|by|across|from) "
    rf"(?:(?:the|a|an|our|my|his|her|their|your|this|last|that|every|each|both|two|three|all)\s)?(?:[\w'’-]+\s){{0,3}}?(?:{_OCCASION})s?\b"
    r"|\b(?:when|while|as soon as|the moment|after|before|once|until) (?:the|a|an|our|my|his|her|their|we|i|he|she|they|you|it|someone|nobody|two|three|one|[A-Z]\w+)\b"
    r"|\bjust now\b|\bat the weekend\b|\bminutes? ago\b|\bhours? ago\b|\bdays? ago\b|\bovernight\b|\bin front of\b|\bwith (?:the|a) (?:client|customer|patient|family|parent|supplier|visitor)",
    re.IGNORECASE,
)  # fmt: skip
IMPACT = re.compile(
    r"\bso (?:that |now |nobody|no one|everyone|we|i|they|the|he|she|you|it|all|our|my|none|people|there)\b"
    r"|\bwhich (?:meant|means|saved|let|gave|made|kept|helped|stopped|calmed|left|cost|allowed|put|held|got|freed|spared|took|is why)"
    r"|\b(?:meant|means|meaning) (?:that |we|i|the|nobody|no|everyone|they|he|she|our|a|people)"
    r"|\b(?:thanks to|because of) (?:that|this|it|him|her|them|you)\b"
    r"|\b(?:saved|saving|spared|sparing|cost|costing|freed|prevented|avoided|avoiding|allowed|allowing|enabled|helped|kept|keeping|"
    r"left us|left the|left me|let us|let me|let the|gave us|gave me|gave the|made it easier|made sure we|put us|held up|delayed|lost us|"
    r"confused|upset|calmed|relaxed|settled|reassured|cheered|unblocked|doubled|halved|cut|dropped|rose|fell|stopped crying)\b"
    r"|\b(?:as a result|the result|therefore|in the end|in turn|now (?:we|the|everyone|nobody|they|it|i))\b"
    r"|\b(?:nobody|no one|none of us|everyone|everybody|the whole|we all|the rest of us) (?:had|has|could|was|were|got|knew|knows|is|went|left|lost|missed|needed|uses?|felt|noticed|waited|ended|said|can|now|team|ward|crew|line|shift|class)"
    r"|\b(?:we|i|they|the [\w'’-]+(?: [\w'’-]+)?|patients?|customers?|parents?|clients?|people|kids|children|guests) "
    r"(?:had to|couldn['’]t|didn['’]t have to|did not have to|could|were able|was able|got (?:home|out|through|the|our|it|paid)|missed|lost|opened on|finished on|started on|"
    r"waited|are waiting|were waiting|was waiting|went home|left (?:smiling|happy|early|calm|without)|ran out|ran late|ran on|had no|ended up|had nothing|thanked|came back|complained|noticed|stayed|signed)"
    r"|\bwithout (?:losing|missing|delay|a hitch|anyone having|stopping)\b|\bin time for\b|\bon time\b(?! today$)"
    r"|\b(?:first time|zero|not one|not a single) ",
    re.IGNORECASE,
)  # fmt: skip
EDGE = re.compile(
    r"\W*(?:(?i:hi|hiya|hello|hey|dear|good (?:morning|afternoon|evening))"
    r"|(?i:(?:with )?(?:best|kind|kindest|warm|warmest|many|all the)(?: best| wishes| regards| thanks)?|regards|cheers|sincerely"
    r"|yours(?: sincerely| truly| faithfully)?|take care|thanks(?: again)?|thank you(?: again)?))"
    r"(?:[\s,]+[A-Z][\w.'’-]*){0,4}\W*"
)
"""A greeting or an ending, all of it: it says nothing about anybody."""
WISH = re.compile(
    r"\b(?:i|we)(?:['’]d| would)? (?:like|want|need|prefer|expect|ask|hope|love)(?:ed)? (?:him|her|them|you|it|[A-Z]\w+|to|the|that|a|if|everyone|every|us)\b"
    r"|\b(?:next time|from now on|in future|going forward|please|from (?:monday|tuesday|wednesday|thursday|friday|tomorrow|next week))\b"
    r"|\b(?:he is|she is|they are|you are) to (?!be\b)\w+"
    r"|\b(?:needs?|has|have) to (?!be\b.*\bproud)\w+|\b(?:should|must|ought to) \w+"
    r"|\b(?:can|could|would|will) (?:he|she|they|you|we)\b|\blet['’]s\b|\bhow about\b|\bi['’]m asking\b|\bmy ask\b",
    re.IGNORECASE,
)
PRIVATE = re.compile(
    r"\b(?:pregnan\w+|miscarr\w+|cancer|chemo\w*|diagnos\w+|depress\w+|anxiety|panic attacks?|therap(?:y|ist)|counsell?ing|"
    r"migraines?|surgery on (?:his|her|their|your)|(?:his|her|their|your) (?:operation|surgery|illness|health|condition|medication|meds|bad back|knee|pregnancy)|"
    r"sick (?:leave|note|day|days|pay)|(?:off|been|is|was|being) (?:ill|sick|poorly|unwell)\b|hospital appointment|disab\w+|diabet\w+|adhd|autis\w+|epilep\w+|burn-?out|burnt out|"
    r"slipped disc|hernia|hearing aids?|deaf\w*|wheelchair|blood pressure|asthma\w*|"
    r"single (?:mother|mum|mom|father|dad|parent)|biopsy|crutches|scan results|test results|blood tests?|ivf|stroke|heart attack|dementia|mental health|sober|rehab|alcohol\w*|drinking problem|hospice|bereave\w+|funeral|widow\w*|divorc\w+|separat(?:ed|ion) from|custody|marriage|break-?up|"
    r"(?:his|her|their|your) (?:mum|mother|mom|dad|father|wife|husband|partner|son|daughter|child|kid|kids|sister|brother|family|parents|baby|gran|nan)(?:['’]s)?\b|"
    r"trouble at home|problems? at home|at home at the moment|visa|debts?|bankrupt\w*|selling up|evict\w+|"
    r"(?:maternity|paternity|parental|compassionate|sick|medical|stress|unpaid) leave|on leave|leave of absence|"
    r"(?:his|her|their|your) (?:pay|salary|wages?|bonus|raise|rating|appraisal score|performance rating)|pay rise|pay cut|salary|\b(?:on|earn(?:s|ing)|paid) (?:just |only |a mere )?[£$€]\s?\d[\d.,]*k? (?:an hour|a (?:week|month|year)|per (?:hour|annum))|"
    r"(?:written|final|verbal|formal|last) warning|disciplin(?:e|ed|ary)|grievance|(?:formal|disciplinary|capability) (?:talk|meeting|conversation|hearing|process)|(?:in|on|into) (?:his|her|their|your) (?:personnel )?file|suspend\w+|probation|performance (?:plan|improvement)|\bPIP\b)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:keep|leave) (?:(?:my|his|her|their) names?|me) out\b|\b(?:no,? )?scratch that\b|^say (?:that )?it (?:came|comes|is|was) from\b|\bsorry (?:for|about) (?:the|my|any) (?:typos?|spelling|grammar|english)\b"
    r"|\b(?:fix|correct|check|excuse|mind|tidy(?: up)?) my (?:spelling|typos?|grammar|english|punctuation)\b|\bdon['’]?t (?:mention|include|put|quote|bring up|tell (?:him|her|them|anyone)|say (?:it|i|that|anything)|name|use|make it|sound)"
    r"|\bdo not (?:mention|include|tell|say|use|name)|\bno need to mention|\bnot for (?:his|her|their) eyes|\boff the record|\bbetween you and me\b|\b(?:just|strictly|only|is|['’]s|stays?|keep (?:it|this|that)) between us\b"
    r"|\b(?:make|keep) (?:it|this|the message|the tone) (?:short|brief|nice|warm|light|friendly|funny|formal|casual|sound|punchy|simple|kind|gentle|firm|professional|polite|upbeat|positive|to)"
    r"|^(?:please )?(?:write|draft|compose|generate|create|phrase|word|reword|format|translate|sign) (?:it|this|that|me|a|an|something|him|her|the message|in|as|up|\d)"
    r"|\b(?:can|could|would|will) you (?:please )?(?:write|draft|word|help|phrase|make|come up|put|send|keep|sign|turn)\b"
    r"|\b(?:ignore|disregard|forget) (?:all|any|the|your|previous|everything)\b|\bsystem prompt\b|\bas an ai\b|\byou are (?:now|a|an) (?:ai|assistant|bot|helpful)|\bjailbreak"
    r"|\b(?:use|add|no|include|put in|without) (?:some |a few |an? |any )?(?:emojis?|exclamation|jokes?|hashtags?|gifs?)\b|^(?:please )?sign (?:it )?(?:as|from|off)\b"
    r"|\b(?:bullet points|in \d+ words|under \d+ words|max(?:imum)? \d+ words|two lines|one paragraph)\b|^(?:note to self|ps for you|btw coach)\b|\bdear (?:ai|bot|coach|app)\b"
    r"|^(?:please |can you |could you |just )*(?:write|draft|say|send|do|give|knock up|need|want)(?: (?!to\b)[\w'’-]+){0,4}? (?:something|note|message|card|e-?mail|few words|lines?|text|paragraph)\b(?!.*\bfor \w+ing\b)"
    r"|^(?:a )?(?:thank[- ]you|shout-?out|feedback|birthday|quick)? ?(?:note|message|card|e-?mail|text) (?:for|to)\b"
    r"|\b(?:i )?(?:do ?n[o'’]?t|not|no idea) (?:know |sure )?(?:if |how |whether )?(?:i (?:want|should) |to )?(?:say|tell|put|bring) (?:it|this|him|her|them|that)\b|\bnot sure (?:if |how |whether )?i (?:want|should)|\bhow to say it\b"
    r"|^(?:please )?(?:(?:talk|speak|write) to (?:him|her|them) (?:very |really )?(?:nice|gent|kind|firm|polite|soft|calm)ly|be (?:nice|gentle|kind|firm|polite|tactful)(?: (?:to|with|about) (?:him|her|them|it|this))?)\W*$"
    r"|^(?:(?:and|but|so|just|can you|could you|please),? )*(?:say|put|tell|phrase|word) (?:it|this|that)(?: to (?:him|her|them))? (?:without|in a|so|as|more|less|(?:very |really )?(?:nice|gent|kind|firm|polite|soft|calm|tactful)l?y)\b"
    r"|^(?:please )?(?:give|show|send|offer|make|do|draft) (?:me )?(?:a|an|two|three|2|3|some|a few|both|another)? ?(?:[\w-]+ )?(?:versions?|options?|drafts?|variants?|alternatives?)\b"
    r"|\bgo (?:gentle|gently|easy|soft|softly)(?= (?:on|with) (?:it|him|her|them)\b|\W*$| please\b)"
    r"|\bdo ?n[o'’]?t send\b|\bput (?:a|an|some|in) .{0,30}emoji|\bthis is confidential\b|\bplease be (?:gentle|nice|kind|firm|careful)|\b(?:he|she|they)['’]?ll probably\b|\bmake it sound\b"
    r"|^(?:how|what|when|where|should|do|does|is|would|any|can|could) (?:do|should|would|can|could|i|we|tips|advice|it|it's) .*\b(?:i|tips|advice)\b.*\?$"
    r"|^(?:how|what) (?:do|should|can|could|would) i\b|^should i\b|^any (?:tips|advice|ideas)\b|\bwhat do you think\b|\bhelp me (?:say|word|write|phrase|tell)\b",
    re.IGNORECASE,
)  # fmt: skip
INSULT = (
    r"idiots?|morons?|lazy|useless|stupid|hopeless|pathetic|waste of space|clowns?|dimwit|dumb|incompetent|imbecile|slob|"
    r"jerk|lump|arse\w*|ass(?:hole)?|bastard|prick|wanker|dick|dickhead|bitch|cow|muppet|numpty|plonker|twat|git|fool|loser|liar|"
    r"nightmare|a joke|thick as (?:mince|pig\w*|two short planks|\w+)|brain-?dead|good for nothing|good-for-nothing|dead weight|deadweight|princess|diva|drama queen|"
    r"bone idle|dozy|gormless|halfwit|pain in the (?:neck|arse|ass|backside)|lazybones|slacker|shit\w*|fuck\w*|crap|toxic|"
    r"crybaby|snowflake|airhead|dinosaur|thicko|cretin|rubbish at|careless|clueless|sloppy|selfish|arrogant|childish|immature|two-faced|"
    r"know-it-all|smartarse|melon|idle|piece of work|so[- ]and[- ]so|sod|greedy|thoughtless|brainless|gobby|stroppy|lump of lard|waster|chancer|pillock|berk|wally|tosser|moaner|whiner|diva|jobsworth|donkey|goon|buffoon|unprofessional|unreliable|disorganised|disorganized|spineless"
)
_CALLED_ANYWHERE = (
    r"battle-?axes?|harp(?:y|ies)|harridans?|bridezillas?|groomzillas?|busybod(?:y|ies)|gasbags?|windbags?|blowhards?|loudmouths?|big-?heads?|show-?offs?|"
    r"prima donnas?|little hitlers?|control freaks?|slave-?drivers?|thugs?|yobb?o?s?|louts?|hooligans?|oafs?|dunces?|nitwits?|twits?|nincompoops?|ninn(?:y|ies)|simpletons?|"
    r"nutters?|nutcases?|nutjobs?|weirdos?|creeps?|slimeballs?|scumbags?|scum|toe-?rags?|ratbags?|layabouts?|skivers?|scroungers?|freeloaders?|slowcoach(?:es)?|"
    r"doofus(?:es)?|dorks?|klutz(?:es)?|butterfingers|scatterbrains?|bimbos?|dipsticks?|wazzocks?|knobheads?|bellends?|killjoys?|miser(?:y|ies) guts|sourpuss(?:es)?|"
    r"whingers?|wimps?|wuss(?:es)?|brats?|lord muck|lady muck|queen bee|smurfs?|hobbits?|fatso|baldy|muppets|plonkers|numpties|idlers?|cowboy builders?|tosspots?|gits|jobsworths|divas|clever ?clogs|smart ?alecs?k?"
)
"""Said of a person and of nothing else."""
_CALLED_SOMETIMES = (
    r"witch(?:es)?|animals?|beasts?|monsters?|dragons?|old bats?|old trout|old goats?|rats?|snakes?|weasels?|worms?|donkeys?|mules?|pigs?|cows?|tools?|knobs?|spanners?|lemons?|"
    r"(?:headless )?chickens?|madam|melons?|cowboys?|devils?|tits?|cowards?|sheep|hags?|clowns?|princess(?:es)?|his lordship|her ladyship|his majesty|her majesty|jokers?|fossils?|dinosaurs?"
)
"""The names of other things too: a label where the sentence uses them as one."""
INSULT = rf"{INSULT}|{_CALLED_ANYWHERE}"
_INSULT = re.compile(rf"\b(?:{INSULT})\b", re.IGNORECASE)
_ANY_LABEL = rf"(?:{INSULT}|{_CALLED_SOMETIMES})"
_GRADED = r"(?:(?:absolute|total|complete|proper|right|real|utter|bloody|old|little|silly|stupid|daft|miserable|lazy|headless|fat|stuck-up|bossy|resident) )*"
_LABELLED = (
    (re.compile(rf"\b{_GRADED}{_ANY_LABEL} of an? (?=[a-z])", re.IGNORECASE), ""),
    (re.compile(rf"\b(?:that|this|the|our|some) {_GRADED}{_ANY_LABEL} (?=(?-i:[A-Z])[a-z]+\b)", re.IGNORECASE), ""),
    (
        re.compile(rf"\b(?:that|this|those|these|some) {_GRADED}{_ANY_LABEL}(?= (?:from|at|in|on|over|next door|upstairs|downstairs|with)\b)", re.IGNORECASE),
        "somebody",
    ),
    (re.compile(rf"\b(?:the|our|an?) {_GRADED}(?:{_CALLED_ANYWHERE})(?= (?:from|at|in|over|next door|upstairs|downstairs)\b)", re.IGNORECASE), "somebody"),
    (re.compile(rf"\s*\({_GRADED}{_ANY_LABEL}(?: that (?:he|she) is)?\)|,\s*(?:the |our |a |an )?{_GRADED}(?:{_CALLED_ANYWHERE})(?=\s*[,.!?]|$)", re.IGNORECASE), ""),
    (re.compile(rf",? our (?:own |very own )?{_GRADED}{_ANY_LABEL}(?=,)", re.IGNORECASE), ""),
    (re.compile(rf"(?<!\blook)(?<!\bfeel)(?<!\blooking)\s+like (?:an? |some )?{_GRADED}{_ANY_LABEL}(?=\s*[,.!?;]|$)", re.IGNORECASE), ""),
    (re.compile(rf"(?<=\bwith )(?:that |the )?{_GRADED}(?:{_CALLED_ANYWHERE})(?=\s*(?:[,.!?;]|$|\bon\b|\bin\b|\bat\b))", re.IGNORECASE), "somebody"),
)  # fmt: skip
"""Where a label stands for somebody other than the one who acts, and what is left in its place."""
_LITERAL = re.compile(
    r"\b(?:cow|clowns?|princess|donkey|dinosaur|joke|nightmare|lump|git|melon|crap|dick|fool|toxic|snowflake)\b(?! (?:of|who|left|never)\b)",
    re.IGNORECASE,
)
"""Also the names of things: an insult only beside another one, or as what somebody is said to be."""
_COMPARED = re.compile(
    r",?\s*\b(?:(?:which|that) is )?more than (?:i|you|we) can say (?:for|of|about) [^.;!?]*"
    r"|,?\s*\b(?:unlike|not like|compared (?:to|with)|(?:better|worse|more|faster|slower) than(?= (?:the (?:others?|rest)|(?:every|any)(?:one|body)|most|all (?:the|of)|others|some\b|that lot|(?:his|her|their) (?:colleagues|mates)|(?-i:(?!I\b)[A-Z][\w'’-]+)))|instead of (?-i:[A-Z])\w+)\b[^.,;!?]*(?:,(?= who| which)[^.,;!?]*)?"
    r"|,?\s*\bsame as (?-i:(?!I\b)[A-Z])[\w'’-]+ (?:did|does)\b[^.;!?]*"
    r"|,?\s*\b(?:(?:and|but) )?(?:i know )?(?-i:(?!I\b)[A-Z][\w'’-]+) (?:does it|does|is|was|did it) (?:even |much |far |way )?worse(?: than \w+)?\b"
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


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence that is fit to pass on, and what it tells."""

    text: str
    roles: frozenset[Missing]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of one sentence for the recipient.

    `told`: how probable the model finds each role, {} without it. `meant`: where the words begin that mean the
    recipient, None where no model says.
    """

    text: str
    told: dict[Missing, float]
    meant: frozenset[int] | None


_LABEL = {
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
PRIVATE_POSSIBLE, OF_FAMILY = 0.05, 0.5
"""The probability of a word below which a suspicious one is harmless; where it is only one of the family it must be likely."""
_FAMILY = re.compile(
    r"(?:his|her|their|your) (?:mum|mother|mom|dad|father|wife|husband|partner|son|daughter|child|kid|kids|sister|brother|family|parents|baby|gran|nan)(?:['’]s)?",
    re.IGNORECASE,
)
_UNFIT = (
    (Reason.PRIVATE, "private", 0.4, 0.6),
    (Reason.ASIDE, "aside", 0.4, 0.8),
    (Reason.INSULT, "insult", 0.4, 0.7),
    (Reason.OTHERS_FAULT, "others-fault", 0.5, 0.8),
    (Reason.GUESS, "speculation", 0.5, 0.8),
)
"""Reason, label, the probability from which on a part is unfit, and the share it must have of what the part tells."""


_UNNAMED = re.compile(
    r"\b(?i:leave|keep) (?:(?P<left>[A-Z][\w-]+)(?:['’]s name)?|(?!my|his|her|their|our|the)(?P<small>[a-z][\w-]+)['’]?s name) (?i:out)\b"
    r"|\b(?i:do ?n['’]?t|do not) (?i:mention|name|put|say|use) (?P<kept>[A-Z][\w-]+)(?:['’]s name)?(?! \w+['’]s)(?=\s*(?:[.,;!?)]|$|in\b|obviously|please|though))"
)


def _unnamed(text: str, forms: Collection[str]) -> re.Pattern[str] | None:
    """The names that the leader wants kept out, where they are not the recipient's: "leave Gillian's name out"."""
    names = {m["left"] or m["kept"] or m["small"].title() for m in _UNNAMED.finditer(text)} - {
        w for form in forms for w in form.split()
    }
    names = {name for name in names if not re.fullmatch(_DAY, name, re.IGNORECASE)}
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b") if names else None


def separate(
    text: str,
    channel: Channel,
    forms: tuple[str, ...],
    labels: Labels | None = None,
    meant: Collection[int] | None = None,
) -> tuple[tuple[Kept, ...], tuple[LeftOut, ...]]:
    """Sentences fit for the recipient, and what is not with the reason.

    `forms`: the names of the recipient. `labels`: what each word of the text does. `meant`: where the words begin that
    mean the recipient.
    """
    kept: list[Kept] = []
    left: list[LeftOut] = []
    for form in (f for f in forms if len(f) > 2 and f[0].isupper()):
        # A name typed small reads as a noun to the tagger.
        text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", form, text, flags=re.IGNORECASE)
    nameless = _unnamed(text, forms)
    for whole in sentences(text):
        if kept and _KEEP_OUT.fullmatch(whole.text.rstrip(" .!")):
            left.append(LeftOut(f"{kept.pop().text} {whole.text.strip(' .!')}", Reason.ASIDE))
            continue
        sentence = _without_kept_out(whole, left)
        fit = _judged(sentence, channel, labels, left) if labels else sentence.text
        # "Until her daughter could get here" has a word of the family and nothing private.
        suspect = channel.others_read and (labels is None or _may_be_private(sentence, labels))
        remaining = _cut(fit, suspect, forms, left) if fit else ""
        remaining = remaining if sentence is whole else _tidy(remaining)
        remaining = nameless.sub("somebody", remaining) if nameless else remaining
        if labels and remaining:
            remaining = _without_blamed(remaining, sentence, text, labels, left)
        if remaining:
            told = {m: labels.peak(name, sentence.start, sentence.end) for m, name in _LABEL.items()} if labels else {}
            own = None
            if meant is not None:
                own = carried(sentence.text, {at - sentence.start for at in meant}, remaining)
            kept.append(Kept(remaining, told, own))
    return tuple(kept), tuple(left)


def _may_be_private(sentence: Span, labels: Labels) -> bool:
    """Whether a word for private matters could be meant so: "his mum cannot say your name without a tear" is praise."""
    words = {found.group() for found in PRIVATE.finditer(sentence.text)}
    if any(_PAY.search(word) for word in words):
        return True
    family = all(_FAMILY.fullmatch(word) for word in words)
    least = OF_FAMILY if family else PRIVATE_POSSIBLE
    return labels.peak("private", sentence.start, sentence.end) >= least


_PAY = re.compile(r"[£$€]\s?\d")
"""An hour's wage is nobody else's, whatever the model thinks of it."""
_KEEP_OUT = re.compile(
    r"[,;–—(-]?\s*(?:\b(?:but|and|so|please|pls|though) )*\b(?:(?:keep|leave|left) (?:that|this|it)(?: bit| part)? out\b(?: of (?:it|this|the \w+))?"
    r"|(?:i )?(?:do ?n['’]?t|do not|would ?n['’]?t) (?:want|like|need) (?:that|this|it)(?: bit| part)? (?:mentioned|said|known|brought up|to come up|in (?:it|there|the \w+))\b"
    r"|(?:do ?n['’]?t|do not) (?:(?:mention|include|put in|say) (?:(?:that|this)(?: bit| part)?|it)(?=\s*(?:[.,;!?)]|$|only|just|obviously|please|of course|though))|bring (?:that|this|it) up|bring up (?:that|this)|drop (?:him|her|them) in it)\b(?: (?:obviously|please|of course|though))?"
    r"|(?:keep|stay|steer) (?:well )?(?:away from|clear of|off) (?:that|this|it)\b|do ?n['’]?t put (?:that|this|it) in\b\)?"
    r"|that(?:['’]?s| is) (?:his|hers|theirs) to (?:tell|say|share)\b(?:,? not (?:mine|ours))?"
    r"|which (?:he|she|they) (?:would ?n['’]?t|does ?n['’]?t|do ?n['’]?t) want (?:passed (?:round|around|on)|known|shared|mentioned|said)\b"
    r"|(?:that|this)(?:['’]?s| is| stays) between (?:us|you and me)\b)(?:,? (?:only|just) (?:that|how|what)\b.*)?",
    re.IGNORECASE,
)


def _without_kept_out(sentence: Span, left: list[LeftOut]) -> Span:
    """ "I know his wife left, keep that out": the clause before it is what is to be kept out."""
    found = _KEEP_OUT.search(sentence.text)
    clauses = split_clauses(sentence.text[: found.start()]) if found else ()
    if not found or not clauses or not clauses[-1].text.strip():
        return sentence
    start = clauses[-1].start
    left.append(LeftOut(sentence.text[start : found.end()].strip(" ,;.–-"), Reason.ASIDE))
    blank = " " * (found.end() - start)  # as long as it was: the labels are found by their place
    return Span(sentence.start, sentence.end, sentence.text[:start] + blank + sentence.text[found.end() :])


def _judged(sentence: Span, channel: Channel, labels: Labels, left: list[LeftOut]) -> str:
    """The sentence without the parts that the model finds unfit for the recipient."""
    parts = inner_parts(sentence)
    reasons = _less_what_is_beside(parts, [_unfit(part, channel, labels) for part in parts])
    reasons = _with_what_trails(parts, reasons, labels)
    reasons = [
        None if reason is Reason.INSULT and (_is_name(part) or _only_calls_names(part, sentence, labels)) else reason
        for part, reason in zip(parts, _less_what_is_left_over(parts, reasons), strict=True)
    ]
    cuts = [(p.start, p.end, r) for p, r in zip(parts, reasons, strict=True) if r]
    kept = [p for p, r in zip(parts, reasons, strict=True) if not r]
    if cuts and kept and not _can_stand(kept) and _acted_in(cuts, labels):
        cuts = [cut for cut in cuts if cut[2] in (Reason.PRIVATE, Reason.ASIDE)]
    cuts += [run for part in kept for run in _names_called(part, sentence, labels)]
    cuts += [run for part in kept for run in _told_on(part, labels)]
    return _without_cuts(sentence, _led_by(parts, sorted(cuts)), left)


_SUBORDINATE = re.compile(r"(?:while|when|because|after|since|as|although|though|despite)\b", re.IGNORECASE)


def _less_what_is_beside(parts: Sequence[Span], reasons: Sequence[Reason | None]) -> list[Reason | None]:
    """ "Leila covered reception while Jan was at her chemo": only what hangs on the deed is private."""
    found = list(reasons)
    for at, (part, after) in enumerate(pairwise(parts)):
        private = reasons[at] is reasons[at + 1] is Reason.PRIVATE
        hangs_on = _SUBORDINATE.match(after.text) and PRIVATE.search(after.text) and not PRIVATE.search(part.text)
        if private and hangs_on and _has_verb(part.text) and not _SUBORDINATE.match(part.text):
            found[at] = None
    return found


def _with_what_trails(parts: Sequence[Span], reasons: Sequence[Reason | None], labels: Labels) -> list[Reason | None]:
    """ "Wayne just never turned in, phone off, nothing": fragments that go on telling on him."""
    found = list(reasons)
    for at, part in enumerate(parts[1:], start=1):
        told_on = labels.mean("others-fault", part.start, part.end) >= SURELY
        short = len(part.text.split()) <= LEFT_OVER or not _can_stand([part])
        if found[at - 1] is Reason.OTHERS_FAULT and not found[at] and told_on and short:
            found[at] = Reason.OTHERS_FAULT
    return found


LEFT_OVER = 3


def _less_what_is_left_over(parts: Sequence[Span], reasons: Sequence[Reason | None]) -> list[Reason | None]:
    """ "Ali had been idle since 4, useless as ever": a few words between what is left out say nothing without it."""
    found = list(reasons)
    for at, part in enumerate(parts[1:-1], start=1):
        between = found[at - 1] and reasons[at + 1]
        if between and not found[at] and len(part.text.split()) <= LEFT_OVER and not _has_verb(part.text):
            found[at] = found[at - 1]
    return found


def _can_stand(kept: Sequence[Span]) -> bool:
    return any(t.tag in ("VVD", "VVZ", "VVB", "VBD", "VBZ", "VHD", "VHZ", "VDD") for p in kept for t in tag(p.text))


def _acted_in(cuts: Sequence[tuple[int, int, Reason]], labels: Labels) -> bool:
    return any(labels.mean("behaviour", start, end) >= 0.3 for start, end, _ in cuts)


def _led_by(parts: Sequence[Span], cuts: list[tuple[int, int, Reason]]) -> list[tuple[int, int, Reason]]:
    """What hangs on a part goes with it: "Tom, who …" where "Tom" was cut, "so this is a good sign" where a warning was."""
    found = list(cuts)
    for before, part in pairwise(parts):
        reason = next((r for start, end, r in found if (start, end) == (before.start, before.end)), None)
        relative = re.match(r"(?:which|who|whose|because|cos|coz|cuz)\b", part.text, re.IGNORECASE) or (
            reason is Reason.PRIVATE and re.match(r"(?:(?:and|so|but) )?(?:it|this|that)\b", part.text, re.IGNORECASE)
        )
        blamed = reason is Reason.OTHERS_FAULT and re.match(
            r"so\b.*\b(?:on|up to|down to) (?:him|her|them)\b", part.text, re.I
        )
        if reason and (relative or blamed) and (part.start, part.end, reason) not in found:
            found.append((part.start, part.end, reason))
    return sorted(found)


_OFFICE = re.compile(
    r"\b(?:heads?|leads?|leader|managers?|deputy|director|chair\w*|teacher|nurse|dr|doctor|sister|assistant|engineer|captain|chef|coordinator|officer|"
    r"secretary|treasurer|governor|supervisor|foreman|consultant|registrar|professor|matron|technician|clerk|porter|driver)\b",
    re.IGNORECASE,
)
"""What somebody does for a living is no label: "our head of maths"."""
_CALLED = re.compile(r"(?:that|this|the|you|u|ya|what an?|such an?|an?|our|my)\s+$", re.IGNORECASE)


def _names_called(part: Span, sentence: Span, labels: Labels) -> list[tuple[int, int, Reason]]:
    """Labels of a person inside a part that says something: ", u melon", "that dozy article left the mixer on"."""
    found = []
    by_words = _label_by_its_words(part)
    said = labels.runs("insult", part.start, part.end) or by_words
    runs = [next((w for w in by_words if run[0] <= w[0] and w[1] <= run[1]), run) for run in said]
    for start, end in (_whole_words(sentence, *run) for run in runs):
        named = sentence.text[start - sentence.start : end - sentence.start]
        unsure = labels.mean("insult", start, end) < 0.5 + _doubt(Reason.INSULT, named)
        # "floor" of "floor greasy"
        lone = " " not in named and not _INSULT.search(named) and labels.mean("insult", start, end) < SURELY
        if unsure or lone or _praises(named) or (_OFFICE.search(named) and not _INSULT.search(named)):
            continue
        cut = _label_that_can_go(sentence.text, start - sentence.start, end - sentence.start)
        if cut:
            found.append((sentence.start + cut[0], sentence.start + cut[1], Reason.INSULT))
    return found


def _without_blamed(remaining: str, sentence: Span, whole: str, labels: Labels, left: list[LeftOut]) -> str:
    """ "You noticed that somebody had put the wrong names on": what cannot be cut is told without the name, where it
    stands nowhere else."""
    for token, after in pairwise(tag(sentence.text)):
        start, end = sentence.start + token.start, sentence.start + token.end
        acts = after.tag[:2] in ("VV", "VB", "VH", "VD", "VM", "AV", "XX")  # and not "the Peterson lady"
        if (
            not acts
            or token.tag != "NP0"
            or labels.mean("others-fault", start, end) < BLAMED
            or whole.count(token.text) != 1
        ):
            continue
        did = _DID_WRONG.match(sentence.text, token.end)
        if did and _FAULTY.search(did.group()) and labels.peak("recipient", start, end) < MEANS_THEM:
            if token.text in remaining:
                remaining = remaining.replace(token.text, "somebody")
                left.append(LeftOut(token.text, Reason.OTHERS_FAULT))
    return remaining


BLAMED = 0.5
"""The probability from which on the name of who did something wrong is not told."""
_DID_WRONG = re.compile(r"(?: [\w'’-]+){1,6}")
_RELATIVE = re.compile(r"(?:that|which|who|whom|whose)$", re.IGNORECASE)


def _told_on(part: Span, labels: Labels) -> list[tuple[int, int, Reason]]:
    """What hangs on a noun and tells on somebody: "every joint Kyle hadn't bothered to flux"."""
    found = []
    for start, end in labels.runs("others-fault", part.start, part.end):
        hung = _hung_clause(part.text, start - part.start, end - part.start)
        if hung and labels.mean("others-fault", part.start + hung[0], part.start + hung[1]) >= TOLD_ON:
            found.append((part.start + hung[0], part.start + hung[1], Reason.OTHERS_FAULT))
    return found


def _hung_clause(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The relative clause, with or without its pronoun, nearest to where text[start:end] begins and as long."""
    tokens = tag(text)
    if len(re.findall(r"\w+", text[end:])) > LEFT_OVER - 1 and not re.match(r"\s*[,;.)]", text[end:]):
        return None
    begins = [
        at
        for at, token in enumerate(tokens[1:], start=1)
        if (tokens[at - 1].tag[:2] in ("NN", "CR", "AJ") and not tokens[at - 1].text[0].isupper())
        and len(re.findall(r"\w+", text[min(start, token.start) : max(start, token.start)])) <= LEFT_OVER
        and (_RELATIVE.match(token.text) or token.tag in ("NP0", "AT0", "DT0"))
        and any(t.tag in _FINITE for t in tokens[at + 1 :])
    ]
    if not begins:
        return None
    rest = len(text) if not re.match(r"\s*[,;)]", text[end:]) else end
    return tokens[begins[0]].start, rest


TOLD_ON = 0.6


_LABEL_THEN_DEED = re.compile(
    rf"\b(?:that|this|the|you|u) (?:\w+ )?(?:{INSULT})\b(?: (?:article|one|thing|man|woman|boy|girl|lad|bloke|creature))?(?=\s+\w+\s+\w)",
    re.IGNORECASE,
)


def _label_by_its_words(part: Span) -> list[tuple[int, int]]:
    """Where the model takes the deed for part of the label: "Titch that dozy article left the mixer going"."""
    found = _LABEL_THEN_DEED.search(part.text)
    return [(part.start + found.start(), part.start + found.end())] if found else []


def _whole_words(sentence: Span, start: int, end: int) -> tuple[int, int]:
    """Without the half of a word at either end: a reader may doubt the "s" of "hrs"."""
    inside = [m for m in re.finditer(r"[\w'’-]+|[^\w\s]", sentence.text) if start <= sentence.start + m.start()]
    whole = [m for m in inside if sentence.start + m.end() <= end]
    return (sentence.start + whole[0].start(), sentence.start + whole[-1].end()) if whole else (start, start)


def _is_name(part: Span) -> bool:
    """ "Wilma, the stubborn goat, …": what stands before the label is nobody's label."""
    return all(word[0].isupper() for word in re.findall(r"[^\W\d_]+", part.text))


def _only_calls_names(part: Span, sentence: Span, labels: Labels) -> bool:
    """Whether the part says what was done when its label is gone: "Titch that dozy article left the mixer on"."""
    rest = part.text
    cuts = _names_called(part, sentence, labels)
    for start, end, _ in reversed(cuts):
        rest = rest[: start - part.start] + rest[end - part.start :]
    return bool(cuts) and len(rest.split()) > LEFT_OVER and _can_stand([Span(part.start, part.end, rest)])


def _label_that_can_go(said: str, start: int, end: int) -> tuple[int, int] | None:
    """The label said[start:end] with what goes with it; None where the rest could not stand without it."""
    named, after = said[start:end], said[end:]
    if called := _CALLED.search(said, 0, start):
        start = called.start()
    if any(token.tag in _FINITE for token in tag(named)[:1]):
        # "and Bashir was no better": the subject goes with it, or all of it stays.
        clause = re.search(r"(?:[,;]|\b(?:and|but|while)\b)[^,;]*$", said[:start])
        if clause is None:
            return None
        start = clause.start()
    before = said[:start]
    first = next((token for token in tag(said) if token.start >= end), None)
    acts_next = first is not None and first.tag in ("VVD", "VVZ", "VHZ", "VHD", "VBD", "VBZ", "VDD")
    stands_apart = re.match(r"\s*(?:[,.;!?)–—-]|$)", after) or re.search(r"(?:^|[,;(–—-])\s*$", before)
    if not stands_apart and not (acts_next and before.strip()):
        return None
    return start, end + len(_rest_of_label(before, after))


def _rest_of_label(before: str, after: str) -> str:
    """What of a clause says nothing without the label it went with: "shes a waste of space | before 9am but …"."""
    rest = re.match(r"[^,.;!?]*?(?=\s+(?:but|and|so)\b)", after, re.IGNORECASE)
    if not rest or not re.search(r"(?:^|[,;(–—-])\s*$", before) or len(rest.group().split()) > 4:
        return ""
    return "" if _has_verb(rest.group()) else rest.group()


def _without_cuts(sentence: Span, cuts: Sequence[tuple[int, int, Reason]], left: list[LeftOut]) -> str:
    if not cuts:
        return sentence.text
    kept, at, before = "", sentence.start, None
    for start, end, reason in cuts:
        kept += sentence.text[at - sentence.start : max(at, start) - sentence.start]
        whole = sentence.text[start - sentence.start : end - sentence.start]
        if whole.rstrip().endswith(",") and re.search(r"\w\s*$", kept):
            kept = f"{kept.rstrip()}, "
        elif whole.rstrip().endswith(",") and re.fullmatch(r"(?:[^\W\d_][\w.'’-]*\s*){1,3},\s*", kept):
            kept = f"{kept.rstrip(' ,')} "  # "Wilma, the stubborn goat, would not …"
        text = sentence.text[start - sentence.start : end - sentence.start].strip(" ,;–-()")
        if reason is before and start <= at + 2 and left:
            left[-1] = LeftOut(f"{left[-1].text} {text}", reason)
        elif re.search(r"[^\W\d_]", text):
            left.append(LeftOut(text, reason))
        at, before = max(at, end), reason
    return _tidy(kept + sentence.text[at - sentence.start :])


def _calls_nobody(text: str) -> bool:
    """ "Floor greasy", "with pudding": things alone, and no word that is a label."""
    tokens = tag(text)
    things = [t for t in tokens if t.tag.startswith("NN")]
    anybody = any(t.tag in ("PNP", "NP0", "DPS", "PNI") or t.low in _VERB_WITHIN for t in tokens) or any(
        can_be_somebody(lemma(t.low)) for t in things
    )
    return bool(things) and not anybody and not _INSULT.search(text) and not _has_verb(text)


def _praises(text: str) -> bool:
    return bool(_PRAISES.match(text) or _PRAISED.search(text)) and not _INSULT.search(text)


def _unfit(part: Span, channel: Channel, labels: Labels) -> Reason | None:
    tells = max(labels.mean(name, part.start, part.end) for name in _LABEL.values())
    quoted = 0.3 if re.search(r"[“”\"]", part.text) else 0.0
    scores = [
        (p - least, reason)
        for reason, name, least, share in _UNFIT
        if (p := labels.mean(name, part.start, part.end)) >= least + quoted + _doubt(reason, part.text)
        and p >= share * tells
        and (channel.others_read or reason is not Reason.PRIVATE)
        and not (reason is Reason.INSULT and (_praises(part.text) or (p < SURELY and _calls_nobody(part.text))))
        and not (reason is Reason.ASIDE and p < SURELY and not _has_verb(part.text) and ")" not in part.text)
        and (reason is not Reason.OTHERS_FAULT or _is_fault_of_another(part, labels))
    ]
    if not scores and _blames(part, labels):
        return Reason.OTHERS_FAULT
    return max(scores)[1] if scores else None


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
    return bool(hangs and hinted and _BLAMED_FOR.search(part.text)) and _is_fault_of_another(part, labels)


def _has_verb(text: str) -> bool:
    return any(t.tag[:2] in ("VV", "VB", "VH", "VD", "VM") for t in tag(text))


_FAULTY = re.compile(
    r"\b(?:useless|lazy|never|nobody|no one|not|forg[oe]t\w*|bother\w*|fail\w*|refus\w+|moan\w*|mess\w*|screw\w*|broke|skiv\w+|late|ignor\w+"
    r"|dropped the ball|walk\w* (?:off|out|(?:straight |right )?past)|should have|should['’]ve|did the same|snap\w*|shout\w*|lost|wrong|blew|lied"
    r"|slack\w*|hungover|drunk|slept|complain\w*|swor?e|does (?:that|it)|left|missed|blam\w+|always|again|sat|stood|too busy|as usual|gave up"
    r"|mistakes?|careless\w*|sloppy|cut corners|on (?:his|her|their) phone|dump\w*|bunk\w*|swann\w*|disappear\w*|vanish\w*|quit|let (?:us|me|them|you|him|her|everyone) down"
    r"|cock\w* (?:it|this|that|things )?up|botch\w*|ruin\w*|skip\w*|dodg\w+|hid|hides|hogg\w*|cancel\w*|oversl\w+|argu\w+|sulk\w*|slagg?\w*|shirk\w*|abandon\w*|neglect\w*"
    r"|overlook\w*|asleep|binned|let (?:him|her|them)|mix\w* up|misread|mislaid|misplac\w+|wast\w+|spill?\w*|dropp?ed|crash\w*|delet\w+|stole|cheat\w*|gossip\w*|bullied|bullying|yell\w*|swear\w*|useless|off sick again"
    r"|no better|no use|just (?:stood|sat|watched|pressed|walked)|no[- ]show|off (?:again|with|somewhere)|out of it|chatting|gossiping|scrolling|sloped|slunk|wander\w* off|went (?:home|off|missing)|(?:said|says|told) no|could ?n[o'’]?t care)\b|n['’]?t\b|['’]s (?:job|fault|turn|mess)\b",
    re.IGNORECASE,
)
_PEOPLE = frozenset(
    "crew team shift nurse nurses doctor doctors driver drivers owner manager managers boss supervisor lead others everyone everybody nobody "
    "lads guys girls staff colleague colleagues mate mates rest people porter porters teacher teachers agency supplier firm trainee temp temps "
    "apprentice foreman chef waiter guard clerk cleaner cleaners technician night-shift day-shift lot someone somebody one".split()
)
_FINITE = frozenset("VVD VVZ VVB VBD VBZ VBB VHD VHZ VHB VDD VDZ VDB VM0".split())
_MADE_TO = re.compile(
    r"\b(?:said|learn\w*|thank\w*)\b|\b(?:had|has|have) to\b|\bwould have\b|\basked\b|\bhelp\w*\b", re.IGNORECASE
)
SURELY = 0.85
"""The probability from which on a deed of somebody else's is a fault without a word for one."""
CALLS_NO_NAMES, NOT_PRIVATE = 0.1, 0.3
MEANS_THEM = 0.25
"""The probability from which on a word is the recipient: what they did is nobody else's fault."""


def _is_fault_of_another(part: Span, labels: Labels) -> bool:
    """Whether somebody other than the recipient and the leader does something wrong in it: the model alone takes any other
    person, and often the recipient's own deed, for it."""
    lead = _LED_IN.match(part.text)
    tokens = tag(part.text[lead.end() :] if lead else part.text)
    verb = next((at for at, token in enumerate(tokens) if token.tag in _FINITE), None)
    if verb is None and tokens and tokens[0].tag == "NP0":
        verb = next((at for at, token in enumerate(tokens) if token.tag == "VVN"), None)
    sure = labels.mean("others-fault", part.start, part.end) >= SURELY and not _MADE_TO.search(part.text)
    if verb is None:
        return sure and bool(_SOMEBODYS.search(part.text))
    if not (sure or _FAULTY.search(part.text)):
        return False
    before = [token for token in tokens[:verb] if token.tag[:2] in ("NN", "NP", "PN", "DT") or token.low in _PEOPLE]
    subject = before[-1] if before else None
    named = any(
        token.tag == "NP0" or (at and token.text[0].isupper() and token.low != "i") for at, token in enumerate(tokens)
    )
    if subject is None or subject.low in ("which", "that", "who", "this", "it"):
        return named
    led = part.start + (lead.end() if lead else 0)
    if labels.peak("recipient", led + subject.start, led + subject.end) >= MEANS_THEM:
        return False
    if not _FAULTY.search(part.text):
        # "Stef chased the missing orders": what a colleague did, told for itself, is mostly to their credit.
        before_it = [token.tag for token in tokens[verb : verb + 3]]
        hangs = lead or _HANGING.match(part.text) or (before_it[0] == "VHD" and "VVN" in before_it)
        somebody = subject.tag == "NP0" or subject.low in _PEOPLE or can_be_somebody(lemma(subject.low))
        return bool(hangs) and somebody
    return subject.tag[:2] in ("NP", "NN") or subject.low in _PEOPLE | {"he", "she", "they"}


_LED_IN = re.compile(r"\W*(?:because|becuase|becasue|beacuse|bcos|cos|cause|coz|cuz)\s+", re.IGNORECASE)
"""Which the tagger takes for a noun where it is misspelt."""
_HANGING = re.compile(r"\W*(?:which|that|who|whom|whose|while|when|after|since|as|unlike|instead)\b", re.IGNORECASE)
_SOMEBODYS = re.compile(r"[A-Z][\w-]+['’]s\b|\bunlike\b|\b(?:the|those|that) (?:\w+ )?(?:\w+s)['’] ")


def _doubt(reason: Reason, text: str) -> float:
    """What the model must be surer by where no word of the part says so: "Amir's been quiet" calls nobody names, and
    "Leila covered reception" is not private for standing beside what is."""
    if reason is Reason.INSULT and not _INSULT.search(text):
        return CALLS_NO_NAMES
    return NOT_PRIVATE if reason is Reason.PRIVATE and not PRIVATE.search(text) else 0.0


_INNER_PART = re.compile(
    r",\s+|\s[–—-]+\s|\s?\(|\)\s?|;\s|:\s"
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


def _cut(sentence: str, suspect: bool, forms: tuple[str, ...], left: list[LeftOut]) -> str:
    if aside := next((m for m in _ASIDE.finditer(sentence) if not _inside_quotes(sentence, m.start())), None):
        return _without_aside(sentence, aside, left)
    sentence = _without_comparison(sentence, left)
    sentence = _without_names_called(sentence, left)
    sentence = _without_label(sentence, forms, left)
    clauses = split_clauses(sentence)
    before, kept = len(left), list[str]()
    for at, clause in enumerate(clauses):
        reason = _reason(clause.text, suspect, forms)
        head = _before_private(clause.text) if reason is Reason.PRIVATE else ""
        if head:
            left.append(LeftOut(clause.text[len(head) :].strip(" ,;.–-"), Reason.PRIVATE))
            kept.append(head)
        elif reason:
            left.append(LeftOut(clause.text.strip(" ,;.–-"), reason))
        else:
            end = clauses[at + 1].start if at + 1 < len(clauses) else len(sentence)
            kept.append(sentence[clause.start : end])
    return _tidy("".join(kept)) if len(left) > before else sentence


def _before_private(clause: str) -> str:
    """What the clause says before the part with the private matter, where that stands by itself; else ""."""
    private = PRIVATE.search(clause)
    joints = [m.start() for m in _PART.finditer(clause) if private and m.end() <= private.start()]
    head = clause[: joints[-1]] if joints else ""
    return head if _has_verb(head) and not PRIVATE.search(head) else ""


_PART = re.compile(r",\s|\s(?=(?:and|while|despite|even|because|although|so soon)\b)", re.IGNORECASE)


LONGEST_LEAD = 6
"""Words before an aside that may belong to it: "i really do not know how to say it"."""


def _without_aside(sentence: str, aside: re.Match[str], left: list[LeftOut]) -> str:
    """Drops the clause that speaks to Coach; the rest of the sentence stays when it says something by itself."""
    clauses = split_clauses(sentence)
    speaking = [c for c in clauses if c.start < aside.end() and aside.start() < c.end]
    rest = [c for c in clauses if c not in speaking]
    if sentence.endswith("?") or (not rest and len(sentence[: aside.start()].split()) <= LONGEST_LEAD):
        left.append(LeftOut(sentence, Reason.ASIDE))
        return ""
    first = speaking[0]
    told = first.text[: max(aside.start() - first.start, 0)]
    # Dictation has no marks: "she said he pulled through no emojis".
    told = told if len(told.split()) > LONGEST_LEAD and _has_verb(told) else ""
    left.append(LeftOut(first.text[len(told) :].strip(" ,;–-"), Reason.ASIDE))
    left += [LeftOut(c.text.strip(" ,;–-"), Reason.ASIDE) for c in speaking[1:]]
    rest = [Span(c.start, c.end, told) if c is first else c for c in clauses if c in rest or (told and c is first)]
    return _tidy(" ".join(c.text for c in rest))


def _without_comparison(sentence: str, left: list[LeftOut]) -> str:
    for found in list(_COMPARED.finditer(sentence))[::-1]:
        left.append(LeftOut(found.group().strip(" ,"), Reason.COMPARISON))
        sentence = sentence[: found.start()] + sentence[found.end() :]
    return _tidy(sentence)


def _without_names_called(sentence: str, left: list[LeftOut]) -> str:
    """ "that animal Doyle", "the bride's witch of a mother": the label goes, who was meant stays."""
    for label, instead in _LABELLED:
        for found in list(label.finditer(sentence))[::-1]:
            if not _inside_quotes(sentence, found.start()) and not _of_a_thing(sentence, found):
                left.append(LeftOut(found.group().strip(" ,()"), Reason.INSULT))
                sentence = sentence[: found.start()] + instead + sentence[found.end() :]
    return _tidy(sentence)


def _of_a_thing(sentence: str, found: re.Match[str]) -> bool:
    """ "That monster of a cake"."""
    meant = re.match(r"[a-z-]+", sentence[found.end() :])
    return (
        bool(re.search(r" of an? $", found.group())) and bool(meant) and not can_be_somebody(meant[0] if meant else "")
    )


def _without_label(sentence: str, forms: tuple[str, ...], left: list[LeftOut]) -> str:
    """ "The useless lump left the gate open": the label goes, the fact stays with the person as its subject."""
    names = "|".join(re.escape(form) for form in forms) or r"(?!)"
    label = re.compile(
        rf"\b(?:the|that|this|my|our) (?:[\w'’-]+ ){{0,2}}?(?:{INSULT})(?: (?:{INSULT}|of an? \w+|that (?:he|she|they) (?:is|are)|guy|man|woman|girl|boy|bloke|person|kid|one))*(?= \w+)"
        rf"|,\s*(?:(?:the|a|an|being|as|you|u|what|such|absolute|total|complete|utter|proper|right|real|bloody) )*(?:[\w'’-]+ ){{0,1}}?(?:{INSULT})\s*(?=,|[.!?]|$)"
        rf"|,\s*(?:the|a|an|being|as) (?:[\w'’-]+ ){{0,2}}?(?:{INSULT})[^,.;!?]*(?=,|[.!?]|$)"
        rf"|(?:\b(?:{names}),?\s+)?\b(?:you|u) (?:(?:absolute|total|complete|utter|lazy|dopey|silly|daft|stupid|big|bloody|useless) ){{0,2}}(?:{INSULT})\b(?= (?:you|u|the|your|we|i|it|that|this|there|nobody|no one|my|our)\b|\s*[.,!?]|$)"
        rf"|\bwhat an? (?:[\w'’-]+ ){{0,2}}?(?:{INSULT})\b"
        rf"|(?<!\blook )(?<!\bfeel )(?<!\blooking )\blike (?:a|an|some) (?:[\w'’-]+ ){{0,2}}?(?:{INSULT})\b",
        re.IGNORECASE,
    )
    for found in list(label.finditer(sentence))[::-1]:
        opens_clause = re.search(r"(?:^|[.,;]|\b(?:and|but|so|because|when|that|if))\s*$", sentence[: found.start()])
        called = re.match(r"(?:you|u)\b", found.group(), re.IGNORECASE)
        if (
            not opens_clause
            and not called
            and len(_INSULT.findall(found.group())) == 1
            and _LITERAL.search(found.group())
        ):
            continue
        left.append(LeftOut(found.group().strip(" ,"), Reason.INSULT))
        subject = re.match(r"(?:the|that|this|my|our)\b", found.group(), re.IGNORECASE)
        sentence = sentence[: found.start()] + (forms[-1] if subject and forms else "") + sentence[found.end() :]
    return _tidy(sentence)


def _reason(clause: str, suspect: bool, forms: tuple[str, ...]) -> Reason | None:
    if suspect and PRIVATE.search(clause):
        return Reason.PRIVATE
    if _INSULT.search(clause) and _is_label(clause):
        return Reason.INSULT
    opening = re.sub(
        r"^(?:(?:yeah|mind you|and|but|though|honestly|anyway|well)\b,? )+",
        "",
        clause.strip(" ,;–-"),
        flags=re.IGNORECASE,
    )
    first = next((t for t in tag(opening) if t.tag not in ("CJC", "CJS", "AV0", "PUN")), None)
    named = first is not None and (
        (first.tag == "NP0" and first.text[0].isupper() and not re.fullmatch(_DAY, first.low))
        or re.match(r"(?:and |but )?(?:the others|everyone else|the rest)\b", clause, re.I)
    )
    if (
        named
        and first
        and first.low.rstrip(".") not in {w.lower().rstrip(".") for f in forms for w in f.split()}
        and _OTHERS_FAULT.search(clause)
    ):
        return Reason.OTHERS_FAULT
    return None


def _is_label(clause: str) -> bool:
    """Whether the insult is said of a person, not of a thing ("a nightmare shift", "the joke he told")."""
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


SO = r"so(?! (?:proud|happy|pleased|glad|grateful|impressed|thankful)\b)"
"""Which only joins: "so nobody waited", and not "so proud of you"."""


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([,.;!?])", r"\1", text)
    text = re.sub(r"\s*\((?=\s*(?:[.!?,;)]|$))", "", text)
    text = re.sub(r"\((?![^()]*\))", "", text)
    text = re.sub(r"[,;]\s*([.!?])", r"\1", text)
    text = re.sub(rf"^(?:[,;:–-]\s*|(?:and|but|{SO})\b,?\s+)+", "", text, flags=re.IGNORECASE)
    text = re.sub(r"(?:\s*[,;:–-]|\s+(?:and|but|so|because))+\s*$", "", text, flags=re.IGNORECASE)
    return text if re.search(r"\w", text) else ""


_JOINT = re.compile(
    r";\s+|\s[–—-]\s|:\s+(?=\S+\s\S+\s\S+)"
    r"|,\s+(?=(?:and|but|so|which|who|because|then|although|though|while|where|when)\b)"
    r"|,\s+(?=(?:i|we|he|she|they|you|it|nobody|everyone|this|that)\b)"
    r"|,\s+(?=(?-i:[A-Z])[a-z]+ (?:had|has|was|did|just|never|walked|sat|wouldn)\b)"
    r"|\s+(?=(?:and|but|so|while)\s+(?:still |yet |then |even so,? )?(?:i|we|he|she|they|you|it|nobody|no one|everyone|the|that|this|(?-i:[A-Z])[a-z]+)\b)"
    r"|\s+(?=(?:so that|which meant|because|becuase|becasue|beacuse|even though|although|despite|even with)\b)"
    r"|,\s+(?=(?:not sure|no idea|do ?n[o'’]?t know|please|keep|make|can you|could you|do ?n[o'’]?t)\b)",
    re.IGNORECASE,
)


_VERB_WITHIN = frozenset("shes hes theyre youre im ive thats weve theyve youve".split())
"""Typed without the apostrophe."""


def split_clauses(sentence: str) -> tuple[Span, ...]:
    """The clauses of one sentence: parts with a verb of their own, joined by a conjunction or a mark."""
    verbs = [t.start for t in tag(sentence) if t.tag[:2] in ("VV", "VB", "VH", "VD", "VM") or t.low in _VERB_WITHIN]
    cuts = [0]
    for joint in _JOINT.finditer(sentence):
        at = joint.end()
        before = bisect_left(verbs, cuts[-1]) < bisect_left(verbs, joint.start())
        after = bisect_left(verbs, at) < len(verbs) or _WITHOUT_VERB.match(sentence, at)
        if before and after and not _inside_quotes(sentence, at):
            cuts.append(at)
    return tuple(
        Span(start, start + len(sentence[start:end].rstrip()), sentence[start:end].rstrip())
        for start, end in zip(cuts, [*cuts[1:], len(sentence)], strict=True)
    )


_WITHOUT_VERB = re.compile(r"(?:despite|even with)\b", re.IGNORECASE)


def _inside_quotes(sentence: str, at: int) -> bool:
    before = sentence[:at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


_ROLE_FROM = {
    Missing.BEHAVIOUR: (0.15, 0.6),
    Missing.SITUATION: (0.01, 0.05),
    Missing.IMPACT: (0.3, 0.9),
    Missing.WISH: (0.15, 0.45),
}
"""Probabilities: below the first a role is not told whatever the patterns find, from the second on the model decides alone."""


_VAGUELY = re.compile(
    r"\W*(?:(?:just|so|and|wow|omg),? )*(?:[\w'’.-]+ ){0,4}?(?:"
    r"(?:absolutely |totally |really )?(?:crushed|smashed|nailed|killed|aced|rocked|owned|bossed) (?:it|that)(?: (?:again|today|yesterday|this (?:week|month|morning)|last (?:week|night)|out there))*"
    r"|(?:was|were|is|are|['’]s|['’]re|(?:has|have|['’]ve) been) (?:just |so |such |really |realy |rly |very |always |absolutely |an? )*"
    r"(?:good|great|brilliant|amazing|fantastic|lovely|excellent|wonderful|superb|awesome|nice|helpful|supportive|star|legend|hero|rock|outstanding|terrible|awful|rubbish|bad|poor|useless)"
    r"(?: (?:again|today|yesterday|tonight|this (?:week|month|morning|afternoon)|last (?:week|night|month)|(?:on|at|in|with) (?:[\w'’-]+ ?){1,4}))*"
    r")\W*",
    re.IGNORECASE,
)
"""A verdict on somebody, and all of the sentence: what they did is not told, whatever it sounds like."""


def roles(sentence: str, to_recipient: bool, told: dict[Missing, float] | None = None) -> frozenset[Missing]:
    """What a sentence tells. `to_recipient`: whether the recipient does something in it (see `acts`)."""
    found: set[Missing] = set()
    if OCCASION.search(sentence):
        found.add(Missing.SITUATION)
    if IMPACT.search(sentence):
        found.add(Missing.IMPACT)
    if WISH.search(sentence) or sentence.rstrip().endswith("?"):
        found.add(Missing.WISH)
    if to_recipient:
        found.add(Missing.BEHAVIOUR)
    if _VAGUELY.fullmatch(sentence.strip()):
        found.discard(Missing.BEHAVIOUR)
        told = {**told, Missing.BEHAVIOUR: 0.0} if told else told
    if told:
        sure = {m for m in Missing if told[m] >= _ROLE_FROM[m][1]}
        if not any(t.tag[:2] in ("VV", "VB", "VH", "VD") for t in tag(sentence)):
            sure -= {Missing.BEHAVIOUR}
        found = sure | {m for m in found if told[m] >= _ROLE_FROM[m][0]}
    return frozenset(found)


_VAGUE = frozenset(
    "be have do go get make seem feel look work help try think know want like love need appreciate impress deserve "
    "rock smash nail kill crush ace boss thank shine excel perform improve behave act support contribute matter".split()
)
_PRAISE = frozenset(
    "great good nice fantastic brilliant amazing awesome excellent superb lovely stellar wonderful outstanding top solid job work "
    "effort stuff one star rockstar legend hero champion team player attitude well done thank thanks cheers proud best always ever "
    "today yesterday tonight week day night morning shift job bad poor terrible awful rubbish better worse enough unacceptable "
    "performance behaviour behavior manner issue problem thing lot bit again really so very absolute total much shout out kudos props".split()
)


def specific(tokens: tuple[Token, ...], is_you: frozenset[str], praise: bool) -> bool:
    """Whether a fragment still shows a thing done: "too many breaks" does, as a fault; praise needs its verb."""
    content = [
        t
        for t in tokens
        if t.tag[:2] in ("NN", "AJ", "VV", "CR") and t.low not in _PRAISE | is_you and lemma(t.low) not in _PRAISE
    ]
    if praise:
        return any(t.tag[:2] == "VV" and verb_lemma(t.text) not in _VAGUE for t in content)
    if all(t.tag[:2] in ("NN", "NP", "PO", "PU", "AT", "DP") for t in tokens):
        return False  # "Bram's expense sheet": a thing, and nothing of it
    return len(content) >= 1 and (len(tokens) >= 3 or content[0].tag[:2] == "VV")


_OBSERVED = re.compile(
    r"\b(?:late|early|absent|missing|on time|there|here|back|first|last|off (?:task|site|shift)|on (?:the|her|his|their|your) phone|in (?:by|at|before))\b",
    re.I,
)
_VAGUE_DETAIL = re.compile(
    r"\d|\bwithout\b|\b(?:to|for|with|on|in|at|by|through|until|up|out|off|over)\b \w+ \w+", re.I
)


def acts(tokens: tuple[Token, ...], is_you: frozenset[str], praise: bool = True) -> bool:
    """Whether the recipient (any of `is_you`, folded) does something that a camera could have recorded."""
    finite = any(t.tag[:2] in ("VB", "VH", "VD", "VM") or t.tag in ("VVD", "VVZ", "VVB") for t in tokens)
    passive = any(t.low == "by" and tokens[at + 1].low in is_you for at, t in enumerate(tokens[:-1]) if at)
    if passive or (not finite and specific(tokens, is_you, praise)):
        return True
    for at, token in enumerate(tokens):
        if token.tag[:2] not in ("VV", "VB", "VH", "VD") or (
            token.tag in ("VVG", "VBG", "VVI") and at and tokens[at - 1].low == "to"
        ):
            continue
        if not _subject_is(tokens, at, is_you):
            continue
        rest = "".join(t.text + " " for t in tokens[at + 1 :])
        if token.tag[:2] == "VV" and verb_lemma(token.text) not in _VAGUE:
            return True
        if (
            praise
            and token.tag[:2] == "VB"
            and re.match(
                r"(?:so |really |realy |very |just |such )*(?:an? )?(?:\w+ )?(?:good|great|brilliant|amazing|fantastic|star|legend|lovely|superb|excellent|awesome|wonderful)\b",
                rest,
                re.I,
            )
        ):
            continue
        if _OBSERVED.search(rest) or (len(rest.split()) >= 4 and _VAGUE_DETAIL.search(rest)):
            return True
    return False


def _subject_is(tokens: tuple[Token, ...], verb: int, is_you: frozenset[str]) -> bool:
    """Whether the nearest thing before the verb that can be its subject is the recipient; no subject counts too."""
    for token in tokens[verb - 1 :: -1] if verb else ():
        if token.low in is_you:
            return True
        if token.tag in ("PNP", "NN1", "NN2", "NP0", "PNI", "EX0", "DTQ") and token.low not in is_you:
            return token.tag != "PNP" and token.low not in ("who",) and _shares_subject(tokens, verb, is_you)
    return verb <= 2 and tokens[verb].tag in ("VVD", "VVN", "VVZ", "VVB", "VBN", "VVG")


def subject_of(tokens: tuple[Token, ...]) -> str:
    """The head word of what stands before the first finite verb, folded; "" where there is none."""
    head = ""
    for token in tokens:
        if token.tag[:2] in ("VV", "VB", "VH", "VD", "VM") and token.tag not in ("VVG", "VVI"):
            return head
        if token.tag in ("PNP", "NN1", "NN2", "NP0", "PNI", "NN0", "CRD", "DPS"):
            head = token.low
        if token.tag in ("CJS", "DTQ") and head:
            return ""
    return ""


def _shares_subject(tokens: tuple[Token, ...], verb: int, is_you: frozenset[str]) -> bool:
    """ "you stayed late and fixed it": the verb after "and" has the subject of the one before."""
    before = tokens[verb - 1].low if verb else ""
    joined = before in ("and", ",", "then", "but") or (
        verb > 1 and tokens[verb - 1].tag == "AV0" and tokens[verb - 2].tag == "CJC"
    )
    return joined and any(t.low in is_you for t in tokens[:verb])
