"""Promises by rules: what a sentence says outright, and where the words and the day of a promise begin and end.

A text is read sentence by sentence. A *cue* ("I'll", "told her I'd", "she agreed to") says that somebody promises, and who;
what follows up to the day or the next break is what was promised. *Guards* take back what only looks like it: a condition,
a question, a refusal, a turn of phrase ("I'll be honest").
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from coach.language import Span, sentences
from coach.records import PromisedBy
from coach.when import NamedDay, days_named

LEADER, OTHER = PromisedBy.LEADER, PromisedBy.OTHER


@dataclass(frozen=True, slots=True)
class FoundPromise:
    """What was promised: text[start:end], in the words it was written in. `due` None: no day is named."""

    what: str
    due: date | None
    start: int
    end: int
    by: PromisedBy = LEADER


_NAME = r"(?-i:(?!(?:I|Nobody|Somebody|Someone|Everybody|Everyone|Need|Must|Remember|Have|Got|Who|What|It|There|This|That|Maybe|If)\b)[^\W\d_a-z][\w’-]*(?: [^\W\d_a-z][\w’-]*)?)"
_THEM = rf"(?:him|her|them|you|everyone|everybody|(?:the|my|our|his|her|both|all)(?: of)?(?: \w+){{1,3}}?|{_NAME}(?: and {_NAME})?)"
_WOULD = r"(?:['’]d|['’]ll| would| will| was going to| am going to|['’]m going to|['’]m gonna| shall)"
_ADVERB = r"(?:be able to |also |then |definitely |certainly |personally |just |now |gladly |happily |always |both |probably |really |actually |myself |all |absolutely |of course |try to |try and |go and |make a point of |do my best to )*"
_TOLD = r"(?:told|promised|assured|texted|reassured|guaranteed|warned|informed|let)"
_SAID = r"(?:said|promised|swore|agreed|mentioned|offered|vowed|replied|answered|announced|pledged|guaranteed|confirmed|decided|wrote|committed|added|insisted)"
_GAVE = r"(?:promised|undertook|offered|agreed|volunteered|pledged|vowed|committed|swore|said|said yes|promise|agree|volunteer|undertake|pledge|commit|offer|vow|swear|signed up|put my hand up|gave my word)"

_NOT_BASE = (
    r"(?:(?!need|feed|speed|proceed|succeed)\w+ed|you|he|she|they|it|we|I|the|this|that|there|will|my|your|his|her|has|is|was|had|did\w*|got|caught|ran|"
    r"took|went|came|made|gave|sent|wrote|kept|held|led|stood|found|brought|told|said|spoke|left|saw|won|and|from|who|always|never|knew|felt|sat|met|built|taught|drove|showed)\b"
)
"""After "Will" at the start of a line: then it is a person's name, or a question, and nobody's promise."""
_AGENTIVE = (
    r"(?:send|bring|call|ring|finish|hand in|hand over|fix|repair|replace|return|write up|write to|check|get back|let (?:me|us) know|deliver|order|book|"
    r"take over|cover|train|show|prepare|pay|sort|clean|organise|submit|translate|update|pick up|set up|sign|look (?:at|into)|arrange|draft|collect|"
    r"drop off|give me|email|mail|review|report|install|fetch|file|speak to|talk to|apologise|print|tidy|paint|move|count|measure|test|"
    r"confirm|chase|complete|draft|write|make|publish|post|forward|follow up|get (?:me|us|you|him|her|them|the)|put|provide|share|run|lead|chair|"
    r"swap|teach|mentor|present|propose|refund|restock|reorder|redo|rewrite|answer|reply|respond|hold|host|ask|tell)\b"
)
_CUES: tuple[tuple[str, PromisedBy, str], ...] = (
    # Negated, and told or promised all the same: what is kept says "not".
    (rf"\b(?:promis\w+|swor[en]|agreed|undertook|told|assured|said)(?: to)?(?: {_THEM})? (?:that )?(?=I (?:will|would|['’]d|['’]ll) (?:not|never) )(?:I (?:will|would) )", LEADER, "noun"),
    (r"\b(?:promised?|swore|assured|told)(?: to)?(?: \w+)? (?:that )?I (?=won['’]t|wouldn['’]t)", LEADER, "noun"),
    (r"\b(?=(?:it|that|this) (?:won['’]t|will not|will never) happen again)", LEADER, "noun"),
    (rf"\bI (?:won['’]t|will not|mustn['’]t) forget (?:that )?(?:I['’]ll |I (?:owe|promised) {_THEM} |to )", LEADER, "noun"),
    (rf"\bdon['’]t let me forget to {_ADVERB}", LEADER, "verb"),
    # What the leader has put down to do for somebody.
    (rf"(?:^|[;:–—] )(?:I )?(?:still )?(?:need to|must|have to|got to|gotta|remember to|must remember to|don['’]t forget to|note to self:?|have got to|['’]ve got to) {_ADVERB}(?=(?:remember to )?(?:get back|come back|let \w+ know|send|call|ring|email|phone|text|answer|reply|bring|ask|chase|thank|apologise|give)\b)(?:remember to )?", LEADER, "verb"),
    (r"^(?:am |I['’]m )?(?=(?:following up|getting back|coming back|circling back|checking back|chasing|sending|calling|ringing|booking|ordering|writing)\b)", LEADER, "dated"),
    (rf"\bI can (?=(?:send|get|give|bring|show|lend|drive|help|call|cover|email|have|take|pick|meet) (?:(?:it|that|this) (?:to )?)?(?:you|him|her|them|your|his|their|{_NAME})\b)", LEADER, "dated"),
    (rf"\b(?:I|I['’]d|I['’]ve|and) promised (?:him|her|them|you|everyone|everybody|{_NAME}) (?=[a-z])(?!(?:to|that|not|in|on|by|he|she|they|we|you|it|and|so|but|when|because|as|would|never|yesterday|today|last|this|there|nothing|anything|nobody|no one|every\w+)\b)", LEADER, "noun"),
    # The leader's own "I'll".
    (rf"\bI(?:['’]?ll| will| shall| am going to|['’]?m going to|['’]?m gonna|['’]ma)(?! not\b|n['’]t\b) {_ADVERB}", LEADER, "verb"),
    (rf"^(?:(?:ok(?:ay)?|yes|sure|fine|right|and|so|but|then|noted|got it|understood)[,.:!]? )*(?:will|gonna|shall|going to) (?=[a-z])(?!do\b[,.:!;]|{_NOT_BASE}){_ADVERB}", LEADER, "verb"),
    (rf"^(?:@?{_NAME}[,:] )?(?:will|gonna) (?=(?:let|get|do\b(?![,.:!;])|sort|fix|send|call|bring|check|ask|have|look|make|talk|speak|chase|book|order|come|be|find|write|read|try)\b){_ADVERB}", LEADER, "verb"),
    (rf"\bwe(?:['’]ll| will| are going to|['’]re going to) {_ADVERB}(?=(?:get|send|fix|sort|make sure|have|look|talk|meet|sit|go|do|put|review|order|find|check|give|move|bring)\b)", LEADER, "dated"),
    (r"\blet me (?=(?!know\b|tell you\b|guess\b|say\b|be\b|down\b|just say\b|put it\b|think\b(?! it over)|see\b(?! (?:what|if|whether))|explain\b|go\b|finish\b|off\b|in\b|out\b|have it\b)[a-z])", LEADER, "verb"),
    (rf"\bI(?:['’]d| would) (?:be (?:happy|glad) to|gladly) {_ADVERB}", LEADER, "dated"),
    (rf"(?:\bI(?:['’]m| am) |^)(?:(?:more than |very )?happy|glad|determined|committed|bound|set|due|planning|supposed) to {_ADVERB}", LEADER, "dated"),
    (rf"\bI (?:intend|commit|pledge|promise|undertake|volunteer|vow|hereby \w+) to {_ADVERB}", LEADER, "verb"),
    (rf"\bI (?:plan|aim|mean) to {_ADVERB}", LEADER, "dated"),
    (rf"\bI can and will {_ADVERB}", LEADER, "verb"),
    (rf"^(?:must|have to|need to|gotta|got to) {_ADVERB}", LEADER, "pledged"),
    (rf"\b(?:wants|asked|would like|['’]d like|needs|begged) me to {_ADVERB}(?=[^.!?]*\b(?:I said (?:yes|I would|ok|sure)|and I will|I agreed|I promised|told (?:him|her|them) yes)\b)", LEADER, "verb"),
    (rf"\b(?:said|told {_THEM}|gave {_THEM}) (?:yes|a yes) to ", LEADER, "noun"),
    (rf"\bgave {_THEM} my word (?:that )?(?:I(?:['’]d|['’]ll| would| will) )?{_ADVERB}(?=\w)", LEADER, "noun"),
    (r"\b(?:you have|you['’]ve got|has|have) my word(?: that| on|:) (?:I(?:['’]d|['’]ll| would| will) )?(?=\w)", LEADER, "noun"),
    (rf"(?:\bI |^|\band |\bI['’]ve |\bI['’]d )promised (?:(?:him|her|them|you|everyone|everybody|{_NAME}|(?:the|my|our|both) \w+(?: \w+)??) )?(?=(?:an?|the|two|three|four|five|half|more|new|no|some|one|his|her|their|my|another|extra)\b(?! to\b))(?!(?:him|her) )", LEADER, "given"),
    (r"\b(?:promised|guaranteed|assured) (?:me|us) (?=(?:an?|the|two|three|four|five|half|more|new|no|some|one|his|her|their|another|extra)\b)", OTHER, "noun"),
    (r"\bguarantees? (?:us |me )?(?:that )?(?=(?:the|a|an|our)\b)", OTHER, "noun"),
    (rf"(?:\bI |^|\band )(?:{_TOLD}|{_SAID}) (?:to )?(?:{_THEM} )?(?:that )?there(?:['’]d| would|['’]ll| will) be ", LEADER, "noun"),
    (rf"(?:\bI |^|\band ){_TOLD} {_THEM} (?:that )?(?=(?:nobody|no one|nothing|everyone|everybody|somebody|someone) (?:would|will|['’]d|['’]ll))", LEADER, "noun"),
    (r"^(?:you can )?expect (?=[^.;]*\bfrom me\b)", LEADER, "noun"),
    (r"\b(?:give me|you have) (?:until|till|to) [^,.;]{2,20}(?:,| and) (?:and )?(?:then )?(?:you(?:['’]ll)? (?:have|get|will have)|I(?:['’]ll| will)) ", LEADER, "noun"),
    (rf"(?:\bI |^|\band )let {_THEM} know (?:that )?I{_WOULD} {_ADVERB}", LEADER, "verb"),
    (r"\bmy (?:bit|promise|part|job|task|side|word)(?: (?:to|of|for|in) [^:,.;]{2,30})?(?: is to |: )(?:to |I['’]ll |I )?", LEADER, "noun"),
    (r"\b(?:on me|up to me) to ", LEADER, "verb"),
    (r"\bin my (?:diary|calendar)(?:: | to )", LEADER, "noun"),
    (rf"\b(?:he|she|they|{_NAME})(?:['’]s| is|['’]re| are) (?=[a-z]+ing\b(?! to (?:hear|be|say)))", OTHER, "offered-other"),
    (r"\b(?:called|wrote|confirmed|rang|promised|phoned|emailed|texted|replied|answered)[,:;] (?:that )?(?:they|he|she)(?:['’]re|['’]s|['’]ll| are| is| will) (?=[a-z]+)", OTHER, "dated"),
    (r"\b(?:said|says|promised|promises|swears|swore) (?:he|she|they)(?:['’]s|['’]re| is| are) on it[,;:.] (?=\w)", OTHER, "noun"),
    # The leader tells of a promise.
    (rf"(?:\bI (?:have |had |just |also |['’]ve |['’]d )?|^(?:(?:and|also|so|then|but|have|just) )*|[,;:–—.]\s+(?:and |so |but )?|\b(?:and|so|but|as|when|then|because) |['’]ve |['’]d )(?:{_TOLD}|{_SAID})(?: to)?(?: {_THEM})? ?(?:that |, )?I{_WOULD} {_ADVERB}", LEADER, "verb"),
    (rf"(?:\bI (?:have |had |just |also )?|\bI['’](?:ve|d) (?:also |just )?|^(?:(?:and|also|so|have) )*|[,;:–—]\s+(?:and )?|\b(?:and|so|but) ){_GAVE}(?: {_THEM})? (?:that I would|that I['’]d|that I['’]ll|that I will|to|on|for) {_ADVERB}", LEADER, "verb"),
    (rf"(?:\bI |^|\band |\bI['’](?:ve|d) )(?:promised|promise|swore|agreed|undertook)(?: {_THEM})? (?=not to )", LEADER, "noun"),
    # Any way of telling, with "I'd" after it; "my promise to", "it falls to me to".
    (rf"\b(?:told|said|saying|promis\w+|word|answer\w*|agreed|offer\w*|left it|shook|deal|arrangement|assur\w+|swore|swear|text\w*|wrote|yes|commit\w*|bargain|return|pledge\w*|vow\w*|understood|explained|repeated|replied|mentioned)\b[^.;!?]{{0,40}}?(?:,|:|that|and|was|is|if|so|\s)\s?[\"“']?I(?:['’]d| would|['’]ll| will) {_ADVERB}(?!rather\b|like\b|love\b|want\b|prefer\b|hate\b|been\b|have (?:to|been|preferred)\b|never\b|not\b|be (?:lying|surprised|happy if)\b|had\b)(?=[a-z])", LEADER, "verb"),
    (rf"\b(?:my|a|the|with (?:a|the|my)|made (?:him|her|them|you) (?:a|the)) (?:promise|commitment|pledge|offer|word|undertaking|job|task|turn|duty|side of (?:it|the bargain|the deal)|end of the (?:bargain|deal))(?: (?:to|with|of) (?:him|her|them|you|{_NAME}))?(?: is| was|:)?(?: that I['’]d| that I would| to) {_ADVERB}(?=[a-z])", LEADER, "verb"),
    (rf"\b(?:it(?:['’]s| is|['’]ll be) (?:down|up) to me|it falls to me|that falls to me|it(?:['’]s| is) mine|I(?:['’]ve| have)? taken it (?:up)?on myself|I took it (?:up)?on myself|I(?:['’]m| am) on the hook|I(?:['’]ve| have) set myself) to {_ADVERB}", LEADER, "verb"),
    (r"\b(?:I(?:['’]m| am) on the hook for|I(?:['’]ve| have)? (?:taken|took) on|put me down for|I(?:['’]ve| have)? put (?:myself|my name) down for|I(?:['’]ve| have)? signed up for|I(?:['’]m| am) good for|I(?:['’]m| am) in charge of|I(?:['’]ll| will) be the one to|I(?:['’]m| am) the one to) (?=[a-z])", LEADER, "noun"),
    (r"\b(?:deal|settled|promise|agreed|arrangement|bargain|shook (?:hands )?on it|here['’]s the deal|my offer|my plan|my task|my answer|tomorrow['’]s job|job for me|note to self|reminder to (?:self|me))(?: \w+){0,2} ?[:–—] ?(?:I(?:['’]ll| will|['’]d)? |to )?(?=[a-z])", LEADER, "noun"),
    (r"^(?:am |I['’]m |just |now )(?=[a-z]+ing\b)(?!(?:hop|expect|wait|think|look|wonder|dread|plan|go|try|be|hav|feel|leav|see)\w*ing\b)", LEADER, "dated"),
    (rf"(?:\bI |^){_TOLD[:-1]}|said)(?: to)? (?:{_THEM}|both of them): (?=(?:an?|the|no|two|three|new|more)\b)", LEADER, "noun"),
    (r"\byou get (?=(?:the|an?|your|two|three|new|my)\b)", LEADER, "dated-noun"),
    (rf"\b(?:he|she|they|{_NAME}) (?:says?|said) (?:he|she|they)(?:['’]s|['’]re| is| are| was) (?=[a-z]+ing\b)", OTHER, "dated-verb"),
    (rf"\b(?:you|he|she|they|{_NAME}) (?={_AGENTIVE})(?=[^.;]*\b(?:deal|both by|in return|agreed|on (?:your|his|her|their) side)\b)", OTHER, "noun"),
    (rf"^(?:{_NAME})(?: and {_NAME})? to (?={_AGENTIVE})", OTHER, "noun"),
    (rf"\b(?:he|she|they|{_NAME}|(?:the|our|my|his|her) \w+)(?:['’]ll| will|['’]s going to| is going to| are going to) (?={_AGENTIVE})", OTHER, "dated-verb"),
    (rf"\b(?:he|she|they|{_NAME}|who) (?:has |have |['’]s )?said yes to ", OTHER, "noun"),
    (rf"(?:\bI |^|[,;] |\band )(?:said|promised|agreed|told {_THEM})(?: yes| ok| okay)? to (?=\w+ing\b)", LEADER, "verb"),
    (r"\bmy (?:answer|reply|word|promise|words)(?: to \w+)?(?: was| is|:) (?:that )?(?:\S{0,1})I(?:['’]d|['’]ll| would| will) ", LEADER, "verb"),
    (r"\b(?:it was|it['’]s|it is|we|was|we['’]ve) agreed (?:between us )?(?:that |with \w+ that |with \w+: )?I(?:['’]d|['’]ll| would| will)? ", LEADER, "verb"),
    # Duties the leader has taken on, with the word that was given beside it.
    (rf"\b(?:I['’]m|I am) to {_ADVERB}", LEADER, "verb"),
    (r"\b(?:I['’]ve got to|I have to|I need to|I must|I should|I ought to|I've to|got to|gotta|need to|have to|must) ", LEADER, "pledged"),
    (r"\b(?:it['’]s|is) (?:my (?:job|turn)|up to me|on me) to ", LEADER, "verb"),
    (r"\b(?:I (?:still )?|^still |^)owe (?:him|her|them|you|(?:the|my) \w+(?: \w+)?|[A-Z][\w'’-]*) (?=an?\b|the\b|my\b|some\b|those\b|that\b|one\b|two\b)", LEADER, "noun"),
    # Somebody gets something from the leader.
    (r"\b(?:you|you guys|y['’]all)(?:['’]ll| will| can) (?:all )?(?:have|get|receive|see) (?!to\b|it wrong\b|a chance\b|used\b)", LEADER, "dated-noun"),
    (r"\byou(?:['’]ll| will) (?:hear|know)(?: back)?(?: from me)?(?: about)? (?!that\b)", LEADER, "dated-noun"),
    (rf"\b(?:he|she|they|{_NAME}) (?:gets|get|has|have|will get|will have|['’]ll get|['’]ll have|can have|shall have) (?=[^.;]*\bfrom me\b)", LEADER, "noun"),
    (rf"(?:\bI |^|[.,;:] |\band |\bso ){_TOLD} {_THEM} (?:that )?(?:he|she|they|you|we)(?:['’]d| would|['’]ll| will) (?:have|get|see|receive|hear from me about|hear back on|hear about|know about) ", LEADER, "noun"),
    (r"(?:\bI |^|[.,;:] |\band )said (?:that )?(?:he|she|they|you)(?:['’]d| would|['’]ll| will| could| can) (?:have|get|see|receive|rely on|count on|hear) (?=[^.;]*\b(?:from me|my|mine|I['’]ll)\b)", LEADER, "noun"),
    (r"(?:\bI |^|[.,;:] )said to \w+ (?:that )?(?:he|she|they) (?:can|could) have ", LEADER, "noun"),
    (rf"(?:\bI |^|[.,;:] |\band ){_TOLD} {_THEM} (?:that )?(?=(?:the|his|her|their|a|an|your|my|our|it)\b[^.;]*? (?:would|will|['’]d) be )", LEADER, "noun"),
    # A thing named, and "I'll see to it" beside it.
    (rf"\b(?:count on me|rely on me|leave it (?:to|with) me|leave (?:that|this) (?:to|with) me|will do|consider it done|you have my word|I['’]m on it|on it|I['’]ve got (?:this|it)|hold me to (?:this|it|that)|(?:on|to|for) my (?:to-?do )?list|it['’]s on my list|I['’]ll see to it|I promise)(?:(?: for|:| to| –|,? {_NAME}[,:]|,? (?:at the latest )?(?:by )?\w+(?: at the latest)?:|[.:,]) ?)(?:for )?(?!I\b|I['’]|what|he\b|she\b|they\b|you\b|it\b|and\b|but\b|when\b|as\b|because\b)(?=\S)", LEADER, "noun"),
    (r"^[^:.!?]{0,60}\b(?:promise[ds]?|hold me to (?:this|that|it)|my (?:to-?do )?list|homework|to-?do|todos?|deal|agreed|next steps?|for me|my part|action(?:s| items?)?|commitments?|my side|on me|follow[- ]ups?|mine)\b[^:.!?]{0,40}: (?:to |I['’]ll |I will |I['’]d |I )?(?=\w)", LEADER, "noun"),
    (r"^(?:action|todo|to do|follow[- ]up|ai|next step|remember|reminder|promised)(?: \(?(?:me|mine|for me)\)?)? ?[:–—-] (?:to |I['’]ll )?(?=\w)", LEADER, "noun"),
    # Others.
    (rf"\basked (?:him|her|them|{_NAME}|(?:the|our|my) \w+) to (?=[^.;!?]{{3,80}}?(?:,|;| and| –|\.)? (?:he|she|they|{_NAME}) (?:said (?:yes|(?:he|she|they)(?:['’]d| would| will|['’]ll)|ok(?:ay)?|sure)|agreed|promised|will do (?:it|so)|nodded|accepted))", OTHER, "noun"),
    (rf"\b(?:he|she|they|{_NAME}|(?:the|our|my|his|her) [\w'’ -]{{2,30}}?|who) (?:has |have |had |just |also )?(?:agreed|offered|promised|promises|swore|volunteered|committed|undertook|pledged|vowed)(?: (?:me|us))? to (?=(?:be|come) )", OTHER, "noun"),
    (r"\b(?:told|assured|promised) (?:me|us) (?:that )?(?=(?:the|his|her|their|a|an|my|our|your)\b[^.;,]*? (?:would|will|['’]d|['’]ll) (?:be|arrive|come|go)\b)", OTHER, "noun"),
    (rf"\b(?:he|she|they|{_NAME}|(?:the|our|my) \w+)(?:['’]s| is|['’]re| are) (?=(?:sending|bringing|getting|giving|lending|delivering|handing|emailing|preparing) (?:me|us|it|over|the|you|him|her|them)\b)", OTHER, "dated"),
    (rf"\b(?:he|she|they|{_NAME}|(?:the|our|my|his|her) [\w'’ -]{{2,30}}?|IT|HR|who) (?:just |also |has |have |had |kindly )?(?:agreed|offered|promised|swore|volunteered|committed|undertook|pledged|vowed|is|are) (?:(?:me|us|him|her|them) )?to (?=(?!blame\b|come\b(?! by)|be (?!at\b|in\b|there\b))[a-z]){_ADVERB}", OTHER, "verb-other"),
    (rf"\b(?:he|she|they|{_NAME}|(?:the|our|my|his|her) [\w'’ -]{{2,30}}?|IT|HR|who) (?:has |have |just )?(?:said|says|say|promised|promises|swore|swears|told me|tells me|wrote|writes|assured me|assures me|confirmed|confirms|agreed|agrees|insists|insisted|texted|replied|answered|called|reckons|guaranteed|vowed|mentioned|announced|let me know|gave (?:me|us) (?:his|her|their) word)(?: (?:me|us))?,? (?:that )?(?:he|she|they|it|(?:his|her|their) \w+|{_NAME})(?:['’]d|['’]ll| will| would| is going to| are going to|['’]s going to|['’]re going to) {_ADVERB}", OTHER, "verb-other"),
    (r"\b(?:committed|agreed) to (?=\w+ing\b)", OTHER, "verb-other"),
    (r"\bthank(?:s| you) (?:\w+ )?for (?:agreeing|offering|volunteering|promising|committing) to ", OTHER, "verb-other"),
    (rf"\b(?:we agreed|it was agreed|agreed with \w+)(?: that|:)? (?:he|she|they|{_NAME}) (?:will |would |['’]ll |is to |to )?(?=[a-z])", OTHER, "verb-other"),
    (rf"\b(?:{_NAME})(?:['’]ll| will) {_ADVERB}(?=[a-z])", OTHER, "said-other"),
    (r"\b(?:he|she|they)(?:['’]ll| will| is going to|['’]s going to| are going to|['’]re going to) (?=[a-z])", OTHER, "said-other"),
    (r"\b(?:gave (?:me|us) (?:his|her|their) word|promised(?: us| me)?|assured (?:us|me)) that (?=(?:the|his|her|their|a|an|my|our)\b)", OTHER, "noun"),
    (r"\byou(?:['’]d| would|['’]ll| will|(?: have)? (?:agreed|offered|promised|said you['’](?:d|ll)|volunteered) to) (?=(?:send|bring|write|call|check|finish|hand|let me know|show|take|make|look|prepare|do|get back|train|talk|try|put|tell)\b)", OTHER, "verb-other"),
    (r"\b(?:I|I['’]ve|I['’]m)\b[^.;!?]{2,60}? and will (?=[a-z])(?!not\b|be\b)", LEADER, "verb"),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), by, kind) for pattern, by, kind in _CUES)

_IDLE = re.compile(
    r"(?:be (?:honest|frank|blunt|direct|clear|fine|ok|okay|damned|glad|happy|sorry|surprised|brief|the first|lucky|sad|dead|late|bullied|"
    r"away|off|on (?:the|holiday|leave|call)|in (?!touch)|out|back\b(?! (?:to|with))|home|there(?! for| with| on| at| in| by| front)|able|a |an |\w+ed\b|\w+ing\b(?! (?:you|to you|the|your|up)))|"
    r"(?:admit|confess|grant|say|bet|believe|miss|regret|need|want|assume|guess|live|die|forget|never|lose|"
    r"understand|wonder|know|remember|think(?! (?:about|it))|have to|have forgotten|have been|have the (?:soup|fish|steak|salad)|have a (?:coffee|tea|beer)|get (?:used|over|old|to the)|"
    r"take (?:that|it) (?:as|back)|spare|put it|leave it (?:there|at|open|to)|be\b(?! (?:at|there|in touch|back|with|by|sitting|in))|see\b(?! (?:to|that|if|what|you|whether|who|about))|not|settle for|believe|only|"
    r"end up|see you\b(?! (?:through|about))|call it a|take it from (?:here|there)|promise|do (?:better|my best|what I can)|if|when|fall|cry|burst|scream|explode|eat my|go mad|go crazy|go under|turn (?:fifty|forty|sixty|thirty)|like|love|hate|feel|look (?:silly|like|foolish|bad)|tell you (?:what|one thing|now|this|honestly)|give (?:him|her|them|you) that|have my hands|do (?:anything|nothing)|drop dead|owe))\b",
    re.IGNORECASE,
)  # fmt: skip
_OTHERS_IDLE = re.compile(
    r"(?:be|have (?:forgotten|been|to|left|gone)|need|find|see (?:that|how|why)|love|like|hate|understand|know|want|think(?! about| it over)|feel|"
    r"never|not|always|probably (?:be|never|not)|miss|forget|turn|hear|get (?:used|over|there|better|worse)|rain|snow|cost|take (?:a while|time|long)|end up|arrive|notice|regret|survive|learn (?:soon|the hard)|ask|say)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?:\b(?:if|whether|unless|in case|wish|imagine|suppose|maybe(?: one day)?|perhaps|one day|someday|doubt|not sure|don['’]t (?:know|think)|not that|time you read this|when will|who|never said(?: that)?|didn['’]t (?:say|promise)(?: that)?|not (?:say|promise)(?: that)?|used to (?:say|promise)(?: that)?|as if|hardly|"
    rf"(?:he|she|they|you|people|everyone|{_NAME}|team|crew) (?:just |always |really |only )?(?:thinks?|hopes?|hoped|thought|fears?|feared|believes?|believed|expects?|expected|assumes?|assumed|asks?|asked|wants?|wonders?|wondered|guess(?:es)?|insists?|reckons?|figures?|keeps? (?:saying|hoping|asking))(?: me)?(?: that| if| whether| when)?)|where|to think|(?<!\bI )\b(?:says?|was told|were told|been told)(?: that)?|(?:was|were|been) told(?: that)?|\b(?:was|were|been|never|almost|nearly|don['’]t remember|don['’]t recall)) ?$",
    re.IGNORECASE,
)
_UNDER_CONDITION = re.compile(
    r"(?:^(?:and |but |so |well,? )?(?:if|unless|suppose|had I|were I)\b.*|\b(?:if|whether|unless|had I|in case|whatever|even if|suppose|imagine)\b[^,;.]*)$",
    re.IGNORECASE,
)
_SOME_TIME = re.compile(
    r"\b(?:this|next) (?:week|month|term|quarter|year)\b|\bin (?:the )?(?:new year|spring|summer|autumn|january|february|march|april|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
"""When, though no day can be made of it."""
_PLEDGE = re.compile(
    r"\b(?:told (?:him|her|them|\w+)|promised?|said (?:yes|so|I['’]?d)|gave (?:him|her|them|\w+) my word|my word|agreed|assured)\b",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"\b(?:off my list|we made it|kept my (?:word|promise)|promises, promises|and (?:today|yesterday|then) I did|and I did(?: it)?\b|have done(?: so)?\b|done now)\b",
    re.IGNORECASE,
)
_AS_PROMISED = re.compile(r"\bas (?:I )?(?:promised|agreed)\b", re.IGNORECASE)
"""With no day ahead it tells of what is done."""
_TAKEN_BACK = re.compile(
    r"\b(?:can['’]?t promise|cannot promise|won['’]?t promise|not promising|no promises|might or might not|neither yes nor no)\b",
    re.IGNORECASE,
)
_NEVER_WAS = re.compile(
    r"(?:would|should|could|['’]d|wouldn['’]t)(?: (?:not|never))?(?:['’]ve| have) (?!an?\b|the\b|my\b|your\b|his\b|her\b|their\b|one\b|two\b|it\b|that\b|this\b|them\b|some\w*\b|every\w*\b|no\b|news\b)",
    re.IGNORECASE,
)
"""What would have been, had things been otherwise."""
_HELD = re.compile(
    r"\b(?:says? (?:he|she|they|\w+)|(?:he|she|they|\w+) (?:says?|said|promised|swore|assured|confirmed|wrote|called|insists?|agreed|told me)|cross (?:my|his|her) heart|gave (?:me|us) (?:his|her|their) word|promise)\b",
    re.IGNORECASE,
)
_VOLUNTEERED = re.compile(
    r"\b(?:(?:he|she|they) (?:volunteered|offered|promised|agreed|said|says)|volunteered|unasked|offered)\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"(?:(?:tell|let|write|inform|report|update|ping|text|email|message|call) (?:you|him|her|them)\b|(?:know|write|do|bring|see to|fix|have|send|get|finish|answer|come) ?(?:it|that|this|them)?$|on\b|once\b|get back|come back to you|my (?:pick|answer)|you\b|see to)",
    re.IGNORECASE,
)
"""A second promise in the same breath that only says the first again, or that it will be reported."""
_GOES_ON = re.compile(
    r"(?:so:|it|that|they|this|he|she|you|by|on|has|have|will|should|done|ready|latest|deadline|i['’]ll do (?:it|that)|at the latest)\b",
    re.IGNORECASE,
)
"""How a sentence begins that says by when what was promised in the one before."""
_ASSENT = re.compile(
    r"^(?:and )?(?:I['’]?ll (?:see to (?:it|that)|do (?:it|that)|take care of (?:it|that)|make sure of (?:it|that)|sort (?:it|that)|look after (?:it|that)|handle (?:it|that))|leave (?:it|that|this) (?:to|with) me|I['’]m on it|on it|count on me|consider it done|(?:I )?promise[d]?|you have my word|will do|my (?:word|promise)|I['’]m \w+ing (?:it|them)(?: up)? myself)\b",
    re.IGNORECASE,
)
_THING_DUE = re.compile(
    rf"^(?:(?:ok|okay|right|and|so|yes|sure|{_NAME})[,:]? )*(?P<thing>(?:the|a|an|new|your|his|her|their|two|three|more|my|[a-z]+)\b[^.;:!?]*?)(?: (?:will be|would be|on your|in your|on his|in his|on her|in her|with you|ready|done|filled in|fixed|is yours)\b|,? (?=(?:by|before|on|until) ))",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"[,;:.!?…]+[\"”’']*(?=\s|$)|[\"”]|\s[–—-]\s|[–—]|\s\((?=\w)|\s(?:so that|so (?:he|she|they|you|we|it|I|nobody|everyone)|because|but|when|once|as soon as|if|unless|while|although|though|since|or (?:I|else)|and (?=(?-i:[A-Z])\w+(?:['’]ll| will| to)\b)|and (?:I|he|she|they|you|we|it|that|bring|send|then|let|write|report|tell|come|get|ask|see)|without|"
    r"with \w+ helping|meaning|which|then|at (?:the latest|no cost)|for (?:sure|certain|real)|of course|no matter|in person(?= this| next| on| by| tomorrow))\b",
    re.IGNORECASE,
)
_LOOSE_END = re.compile(
    r"(?:\s+(?:by|on|before|until|till|this|the|within|in|at|from|of|coming|first thing|no later than|not later than|latest|sometime|some time|early|late|right|"
    r"for|and|or|to|with|over|during|myself|himself|herself|themselves|personally|from me|please|too|either|later|promise|after|as|is|be|will|would|already|around|towards|end|next|it['’]s))+$",
    re.IGNORECASE,
)  # fmt: skip
_SPEAKER = re.compile(
    rf"^[\"“']?(?P<who>me|myself|I|{_NAME})(?:['’]s (?:answer|reply|words|promise|response|text|message))?: ?[\"“]?",
    re.IGNORECASE,
)
_NOT_SPEAKERS = re.compile(
    r"^(?:ok|okay|note|agreed|todo|action|actions|reminder|result|outcome|plan|next|promised|told|asked|so|also|done|then|today|promise|hi|dear|will|sorry|yes|noted|talk|talked|call|meeting|1:1|one)\b",
    re.IGNORECASE,
)
_QUOTED_SAYER = re.compile(rf",?[\"”’]?,? (?:said|says|wrote|replied|answered|promised) (?!I\b){_NAME}|,?[\"”] (?:he|she|they|{_NAME}) (?:said|says|wrote|replied)", 0)  # fmt: skip
_OWN_PRESENT = re.compile(r"\bI (?=(?:[a-z]+)\b)|\bI['’]m (?=[a-z]+ing\b)|\bI am (?=[a-z]+ing\b)")
_IDLE_PRESENT = re.compile(
    r"(?:have|am|was|know|think|hope|want|need|like|love|guess|believe|see|feel|hear|understand|wish|doubt|expect|mean|remember|said|told|had|did|would|could|should|must|might|may|can|will|shall|do|owe|get (?:the|it|that|why)|find|notice|say|tell you|wonder|suspect|agree|"
    r"going|hoping|thinking|wondering|looking forward|expecting|waiting|trying|dreading|feeling|being|having|not|still|never|always|usually|often|just|only|really|prefer|remain|live|work|leave|finish|start|meeting|seeing|away|off|on)\b",
    re.IGNORECASE,
)  # fmt: skip


def find_by_rules(text: str, written: date) -> tuple[FoundPromise, ...]:
    """The promises in a text written on that day, in order. Never raises."""
    found: list[FoundPromise] = []
    speaker: PromisedBy | None = None
    listed = False
    before: Span | None = None
    for span in sentences(text):
        speaker = _speaker(span.text, speaker)
        days = days_named(span.text, written)
        here = _of_sentence(span.text, speaker, days)
        if not here and listed and (task := _task(span.text, speaker, days)):
            here = [task]
        if not here or _AGAIN.match(here[0].what):
            if before and _ASSENT.search(span.text) and (thing := _thing(before, written)):
                found, here = [*found, thing], []
            elif found and found[-1].due is None and days and _GOES_ON.match(span.text):
                found[-1], here = replace(found[-1], due=days[0].day), []
        found += [replace(one, start=span.start + one.start, end=span.start + one.end) for one in here]
        listed = listed or bool(_LIST.search(span.text))
        before = None if here else span
    return tuple(_once(found))


_LIST = re.compile(r"\b(?:agreed|actions?|next steps?|to-?dos?|who does what|plan)\b", re.IGNORECASE)


def _once(found: list[FoundPromise]) -> Iterator[FoundPromise]:
    for at, one in enumerate(found):
        if not any(one.start < other.end and other.start < one.end for other in found[:at]):
            yield one


def _task(said: str, speaker: PromisedBy | None, days: Sequence[NamedDay]) -> FoundPromise | None:
    """ "Me: book the room" in a list of what was agreed."""
    label = _SPEAKER.match(said)
    if label is None or speaker is None:
        return None
    return _whole(said, label.end(), speaker, "noun", days)


def _thing(before: Span, written: date) -> FoundPromise | None:
    """The thing a sentence names for a day, when the next one says "I'll see to it"."""
    days = days_named(before.text, written)
    match = _THING_DUE.match(before.text)
    if match is None or not days or before.text.endswith("?"):
        return None
    start, end = match.span("thing")
    return FoundPromise(match["thing"], days[-1].day, before.start + start, before.start + end)


def _speaker(said: str, before: PromisedBy | None) -> PromisedBy | None:
    """Who speaks, where the text names speakers: "Me: …", "Anton: …"."""
    label = _SPEAKER.match(said)
    if label is None or _NOT_SPEAKERS.match(said):
        return before
    return LEADER if label["who"].lower() in ("me", "myself", "i") else OTHER


_ASKED_BACK = re.compile(r"\b(?:ok|okay|right|alright|deal|yes|shall I|promise)\?$", re.IGNORECASE)


def _of_sentence(said: str, speaker: PromisedBy | None, days: Sequence[NamedDay]) -> list[FoundPromise]:
    if _KEPT.search(said) or _TAKEN_BACK.search(said) or (_AS_PROMISED.search(said) and not days):
        return []
    bare = said.rstrip("\"”')")
    if bare.endswith("?") and not _ASKED_BACK.search(bare):
        return []
    found: list[FoundPromise] = []
    cues = sorted(_cued(said, days), key=lambda cue: cue[0].start)
    firm = any(kind not in ("pledged", "present") for _, kind in cues)
    for one, kind in cues:
        if (kind == "pledged" and firm) or any(one.start < other.end and other.start < one.end for other in found):
            continue
        if (speaker is OTHER and one.by is LEADER) or _QUOTED_SAYER.search(said, one.end):
            one = replace(one, by=OTHER)
        if found and found[-1].by is one.by and _AGAIN.match(one.what):
            found[-1] = replace(found[-1], due=found[-1].due or one.due)
        else:
            found.append(one)
    if not found or all(_AGAIN.match(one.what) or _ASSENT.match(said[one.start - 20 : one.end]) for one in found):
        return _with_things(said, days) or found
    return found


def _with_things(said: str, days: Sequence[NamedDay]) -> list[FoundPromise]:
    """ "The minutes will be in your inbox by Monday, I'm typing them up myself"; "no more calls, that's my promise"."""
    parts = re.split(r"[,;–] ", said, maxsplit=1)
    match = _THING_DUE.match(said)
    if match and days and len(parts) == 2 and _ASSENT.match(parts[1]):
        return [FoundPromise(match["thing"], days[0].day, *match.span("thing"))]
    vow = _VOW.search(said)
    if vow and len(said[: vow.start()].split()) >= 3:
        start = _OPENING_NAME.match(said).end()  # type: ignore[union-attr]  # it matches anything
        end = _end_of_what(said, start, days)
        return (
            [FoundPromise(said[start:end], due_of(said, start, end, days), start, end)]
            if start < end <= vow.start()
            else []
        )
    return []


_VOW = re.compile(
    r"[,;–—.] (?:and )?(?:that['’]s (?:a|my) (?:promise|word)|you have my word|I gave (?:you|him|her|them) my word|I (?:told|promised) (?:you|him|her|them) (?:so|that)|(?:I )?promised?[.!]?$|my word on it|I swear)",
    re.IGNORECASE,
)
_OPENING_NAME = re.compile(rf"(?:(?:ok|okay|right|yes|{_NAME}),? )?(?:you (?:get|have|['’]ll get) )?", re.IGNORECASE)


def _cued(said: str, days: Sequence[NamedDay]) -> Iterator[tuple[FoundPromise, str]]:
    """What the cues begin; where two overlap, what the earlier rule says."""
    taken: list[tuple[int, int]] = []
    for pattern, by, kind in _COMPILED:
        for match in pattern.finditer(said):
            before = said[: match.start()]
            if any(s < match.end() and match.start() < e for s, e in taken) or _BEFORE.search(before):
                continue
            if kind in ("verb", "dated") and _UNDER_CONDITION.search(before):
                continue
            if _NEVER_WAS.search(said, match.start(), match.end() + len(" have been")):
                continue
            if one := _whole(said, match.end(), by, kind, days):
                taken.append((match.start(), max(match.end(), one.start + 1)))
                yield one, kind
    for match in _OWN_PRESENT.finditer(said):
        if not any(s <= match.start() < e or s == match.end() for s, e in taken):
            if one := _whole(said, match.end(), LEADER, "present", days):
                yield one, "present"


def _whole(said: str, start: int, by: PromisedBy, kind: str, days: Sequence[NamedDay]) -> FoundPromise | None:
    rest = said[start:]
    if (kind in ("verb", "dated", "pledged") and _IDLE.match(rest)) or (
        kind.endswith("other") and _OTHERS_IDLE.match(rest)
    ):
        return None
    if kind == "present" and (_IDLE_PRESENT.match(rest) or not _is_base_or_ing(said, start)):
        return None
    end = _end_of_what(said, start, days)
    due = due_of(said, start, end, days)
    if kind in ("dated", "dated-noun", "dated-verb", "present") and due is None and not _SOME_TIME.search(rest):
        return None
    if kind == "pledged" and not _PLEDGE.search(said):
        return None
    if kind == "given" and re.match(r"(?:him|her|them|you)\b", rest):
        return None
    if kind == "offered-other" and not _VOLUNTEERED.search(said):
        return None
    if kind == "said-other" and not _HELD.search(said):
        return None
    if end <= start:
        return None
    return FoundPromise(said[start:end], due, start, end, by)


_DONE_WORDS = frozenset(
    "add answer apologise arrange ask back bring book build buy call cancel carry change chase check clean clear collect come "
    "contact cook cover cut deal decide deliver do draft drive drop email explain fetch file fill find finish fix follow forward get "
    "give go hand have help hire hold install invite join keep lead leave lend let listen look mail make measure meet mend move name "
    "open order organise pack paint pass pay phone pick plan post prepare present print promote propose put raise read rebuild "
    "record redo remove repair replace reply report request return review rewrite ring run say scan schedule see send set share show "
    "sign sit sort speak stand start stay stop submit supply swap take talk teach tell test thank tidy train translate try turn "
    "update upload visit walk wash watch work write".split()
)
"""What leaders promise to do. Asked of a list and not of the tagger: "I fix it by Friday" is rare, and the tagger loads in half a second."""


def _is_base_or_ing(said: str, start: int) -> bool:
    word = re.match(r"[a-z]+", said[start:])
    return bool(word) and (word.group() in _DONE_WORDS or word.group().endswith("ing"))  # type: ignore[union-attr]


def _end_of_what(said: str, start: int, days: Sequence[NamedDay]) -> int:
    found = _STOP.search(said, start)
    stop = min([found.start() if found else len(said)] + [day.start for day in days if day.start >= start])
    return start + len(_LOOSE_END.sub("", said[start:stop].rstrip()))


def goes_on(said: str) -> bool:
    """Whether a sentence begins as one does that says by when what was promised in the one before."""
    return bool(_GOES_ON.match(said))


def says_again(what: str) -> bool:
    """Whether it only says once more, or to whom it will be reported, what was promised beside it."""
    return bool(_AGAIN.match(what))


def words_of(text: str, start: int, end: int) -> tuple[int, int]:
    """Whole words, without the signs and little words around them that belong to no promise."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    said = text[start:end]
    start += len(said) - len(said.lstrip(" ,.;:!?–—-\"“”'’("))
    said = text[start:end].rstrip(" ,.;:!?…–—-\"“”'’(")
    return start, start + len(_LOOSE_END.sub("", said))


_TOLD_ON = re.compile(
    rf"\b(?:said|told|promised|agreed|asked|spoke|talked|met|mentioned|chatted|rang|called|wrote|texted|emailed|was|were|saw|came|happened|went)\b"
    rf"(?: (?:to|with|from))?(?: (?:{_THEM}|me|us|it|so|yes))?(?: (?:back|again|earlier))? (?:on|last|this) $",
    re.IGNORECASE,
)
"""Before a day of the week: "I told her on Monday", so the Monday that was."""


def _other_day(said: str, day: NamedDay) -> bool:
    """Whether something else is dated by it: "after Friday", "the notes from today"."""
    before, named = said[: day.start].lower(), said[day.start : day.end].lower()
    return before.endswith(("after ", "since ")) or (before.endswith("from ") and named.startswith(("today", "this ")))


_ACTS = re.compile(
    r"(?:['’]|\b(?:i|you|he|she|we|they))(?:ll|d)\b|\b(?:will|would|can|going to|said|says|agreed|offered|told|gets?|\w+ing)\b",
    re.IGNORECASE,
)
_NEXT_CLAUSE = re.compile(r"\W(?:and|but|so|while)\s(?:I|i|[Ww]e|[Hh]e|[Ss]he|[Tt]hey|[Yy]ou|me|u|[A-Z])[\w'’]*(?= )")
_OPENS_CLAUSE = re.compile(r",? and (?:on |by )?$")


def _of_another_act(said: str, start: int, end: int, day: NamedDay) -> bool:
    """Whether a day belongs to what somebody else does, or to the next act: "he'll come tomorrow, and I said I'd …"."""
    if day.end <= start:
        return bool(_ACTS.search(said, 0, day.start) and _NEXT_CLAUSE.search(said, day.end, start))
    return bool(
        _OPENS_CLAUSE.search(said[end : day.start]) and re.match(r" (?:I|i|we|you|he|she|they)\b", said[day.end :])
    )


_LEADS_TO_A_DAY = re.compile(r" (?:(?:on|for|at|by|before|this|first thing) )?", re.IGNORECASE)


def due_of(said: str, start: int, end: int, days: Sequence[NamedDay]) -> date | None:
    """The day for what stands at said[start:end]: one that follows at once, else one after "by", the next, or the last before."""
    days = [day for day in days if not _TOLD_ON.search(said, 0, day.start) and not _other_day(said, day)]
    days = [day for day in days if not _of_another_act(said, start, end, day)]
    after = [day for day in days if day.start >= end]
    before = [day for day in days if day.end <= start]
    if after and _LEADS_TO_A_DAY.fullmatch(said, end, after[0].start):
        return after[0].day
    by = [
        day
        for day in after
        if re.search(r"\b(?:by|before|until|till|than)(?: the)? $", said[: day.start], re.IGNORECASE)
    ]
    return by[0].day if by else after[0].day if after else before[-1].day if before else None
