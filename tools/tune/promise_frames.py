"""Sentences made of frames, to learn promises by: how it is said varies apart from what it is about and for when.

The same deeds and days stand in frames that promise and in frames that do not, so that neither gives it away. In a frame
`{…}` is what the leader promised, `<…>` what somebody else did; DO a deed, DOING and DID its forms, THING a thing, WHO
and WHOM a person, WHEN a day to come or nothing, DAY a day to come, PAST a day gone.
"""

import re

import numpy as np

DEEDS = """send the rota to WHOM|sending the rota to WHOM|sent the rota to WHOM
call the supplier|calling the supplier|called the supplier
ring the family|ringing the family|rang the family
check the figures|checking the figures|checked the figures
fix the printer|fixing the printer|fixed the printer
order new gloves|ordering new gloves|ordered new gloves
book the small hall|booking the small hall|booked the small hall
speak to payroll|speaking to payroll|spoke to payroll
write the reference|writing the reference|wrote the reference
cover the late shift|covering the late shift|covered the late shift
ask HR about the contract|asking HR about the contract|asked HR about the contract
raise it with the board|raising it with the board|raised it with the board
look into the overtime|looking into the overtime|looked into the overtime
get a quote for the door|getting a quote for the door|got a quote for the door
bring the spare key|bringing the spare key|brought the spare key
finish the stocktake|finishing the stocktake|finished the stocktake
show WHOM the new system|showing WHOM the new system|showed WHOM the new system
train the two new starters|training the two new starters|trained the two new starters
move the meeting|moving the meeting|moved the meeting
chase the invoice|chasing the invoice|chased the invoice
sort out the lockers|sorting out the lockers|sorted out the lockers
find a replacement for the night|finding a replacement for the night|found a replacement for the night
read the draft|reading the draft|read the draft
review the tender|reviewing the tender|reviewed the tender
update the wallboard|updating the wallboard|updated the wallboard
get back to WHOM|getting back to WHOM|got back to WHOM
answer the complaint|answering the complaint|answered the complaint
take WHOM off the weekend list|taking WHOM off the weekend list|took WHOM off the weekend list
put WHOM forward for the course|putting WHOM forward for the course|put WHOM forward for the course
talk to the landlord|talking to the landlord|talked to the landlord
repair the gate|repairing the gate|repaired the gate
sign the leave form|signing the leave form|signed the leave form
swap the Sunday|swapping the Sunday|swapped the Sunday
clear out the store room|clearing out the store room|cleared out the store room
visit the other site|visiting the other site|visited the other site
draft the job advert|drafting the job advert|drafted the job advert
pay the expenses|paying the expenses|paid the expenses
print the labels|printing the labels|printed the labels
hand over the keys|handing over the keys|handed over the keys
count the linen|counting the linen|counted the linen
come to the hearing|coming to the hearing|came to the hearing
do the allergy sheets|doing the allergy sheets|did the allergy sheets
set up the account|setting up the account|set up the account
clean the extraction|cleaning the extraction|cleaned the extraction
tell the parents|telling the parents|told the parents
make the appointment|making the appointment|made the appointment
have a word with the driver|having a word with the driver|had a word with the driver
stop the Friday calls|stopping the Friday calls|stopped the Friday calls
pick up the harness|picking up the harness|picked up the harness
sit in on the interview|sitting in on the interview|sat in on the interview
email the minutes|emailing the minutes|emailed the minutes
drop the forms off|dropping the forms off|dropped the forms off
go through the pay slip with WHOM|going through the pay slip with WHOM|went through the pay slip with WHOM
see about a second scanner|seeing about a second scanner|saw about a second scanner
let WHOM know about the transfer|letting WHOM know about the transfer|let WHOM know about the transfer
keep the slot free|keeping the slot free|kept the slot free
be at the meeting with the union|being at the meeting with the union|was at the meeting with the union
report the fault|reporting the fault|reported the fault
push for a second nurse|pushing for a second nurse|pushed for a second nurse
walk the floor with WHOM|walking the floor with WHOM|walked the floor with WHOM"""
THINGS = (
    "the new rota|an answer on the transfer|a quieter desk|two new headsets|the signed form|the minutes|a proper handover|"
    "the course dates|a second screen|a day shift|the figures for March|new boots|a reference|an extra pair of hands|"
    "the key to the store|her leave request|his contract|the refund|a decision about the van|the broken lamp|feedback on the draft|"
    "a slot with the physio|the report|a lift to the hospital|the safety sheet|the lockers|the training budget|a parking space|"
    "the missing hours|an apology|the exam papers|new aprons|the crane log|the overtime list|a spot on the course|the visa letter"
).split("|")
NAMES = (
    "Ngozi|Tom|Priya|Marek|Hal|Lena|Omar|Farah|Goran|Ines|Sipho|Aylin|Bea|Kofi|Jürgen|Tadhg|Chioma|Wren|Dario|Mo|Yvonne|"
    "Rafał|Mrs Adeyemi|Mr Chen|Sister Ruth|Beatriz|Kwame|Noor|Ulf|Siobhán|Jean-Luc|Ola"
).split("|")
OTHERS = (
    *NAMES, *NAMES, "The agency", "Payroll", "IT", "The supplier", "HR", "The landlord", "Facilities", "The caretaker", "She", "He", "They"
)  # fmt: skip
DAYS = (
    "by Friday|by Friday|tomorrow|tmrw|on Monday|by Wednesday|next week|this afternoon|tonight|by the end of the week|by the 14th|on 3 March|"
    "before the weekend|next Thursday|by COB|asap|in two weeks|within ten days|first thing Monday|by noon|over the weekend|"
    "by the end of the month|later today|before Easter|as soon as I can|by Tuesday at the latest|on Thursday|today|from Monday on|"
    "in the morning|before my leave|this week|soon|straight away|by 5/6|after lunch|when I'm back|Fri|by EOD"
).split("|")
PASTS = (
    "yesterday|on Monday|last week|this morning|last Friday|on the 3rd|in March|the week before|earlier today|".split(
        "|"
    )
)

LEADER = """I'll {DO} WHEN.|I will {DO} WHEN.|I'll {DO} WHEN, WHO.|WHO, I'll {DO} WHEN.|Will {DO} WHEN.|will {DO} WHEN|gonna {DO} WHEN
I'm going to {DO} WHEN.|I'm gonna {DO} WHEN|ill {DO} WHEN|Going to {DO} WHEN.|I shall {DO} WHEN.|I'll personally {DO} WHEN.
Told WHOM I'd {DO} WHEN.|Told WHOM that I would {DO} WHEN.|I told WHOM I'd {DO} WHEN.|I told WHOM I'll {DO} WHEN.|told WHOM id {DO} WHEN
I said I'd {DO} WHEN.|Said I would {DO} WHEN.|said I'd {DO} WHEN.|I promised to {DO} WHEN.|Promised WHOM to {DO} WHEN.|I promised WHOM I'd {DO} WHEN.
Agreed I'd {DO} WHEN.|Agreed that I {DO} WHEN.|We agreed I would {DO} WHEN.|We left it that I'd {DO} WHEN.|I agreed to {DO} WHEN.|I've agreed to {DO} WHEN.
I've offered to {DO} WHEN.|I offered WHOM to {DO} WHEN.|I volunteered to {DO} WHEN.|I undertook to {DO} WHEN.|I committed to {DOING} WHEN.|I've committed to {DOING} WHEN.
Let me {DO}.|Let me {DO} WHEN.|Leave it with me, I'll {DO}.|Leave it to me: I'll {DO} WHEN.|Leave {THING} with me.|Leave {THING} to me, WHO.
I owe WHOM {THING}.|Owe WHOM {THING} DAY.|Still owe WHOM {THING}.|I still owe you {THING}.|I owe you {THING}, WHO.
You'll have {THING} WHEN.|You will have {THING} DAY.|You'll get {THING} DAY.|You'll get {THING} from me WHEN.|{THING} will be with you DAY.|{THING} will be on your desk DAY.
{THING}: you'll have it DAY.|{THING} – on my list.|On my list: {THING}.|On my list: {DO}.|My action: {DO} WHEN.|Action for me: {DO} WHEN.|Me: {DO} WHEN.|To do: {DO} WHEN.|todo: {DO} for WHOM
I promised WHOM {THING}.|I promised WHOM {THING} DAY.|Promised WHOM {THING} WHEN.|I've promised WHOM {THING}.|WHO was promised {THING} by me DAY.|Promised {THING} to WHOM.
WHO gets {THING} from me DAY.|WHO will have {THING} from me DAY.|Told WHOM she'd have {THING} DAY.|Told WHOM he would get {THING} DAY.|I assured WHOM {THING} would be ready DAY.|I told WHOM {THING} would be sorted DAY.
Consider it done: {THING}, DAY.|{THING}? Consider it done.|{THING}? Leave it with me.|{THING}? I'm on it.|Count on me to {DO} WHEN.|You can count on me: I'll {DO} WHEN.|You have my word, I'll {DO} WHEN.
I gave WHOM my word that I'd {DO}.|I gave my word to {DO} WHEN.|My promise to WHOM: {DO} DAY.|My word to WHOM: {THING}, DAY.|It's on me to {DO} WHEN.|I'm to {DO} WHEN.|It's my job to {DO} DAY, I told WHOM so.
I'm {DOING} DAY.|I'm {DOING} DAY, WHO.|{DOING} DAY, WHO.|I {DO} DAY, I promise.|I {DO} DAY and let you know.|Need to {DO} WHEN, told WHOM.|Must {DO} WHEN, I said so to WHOM.|Must remember to {DO} for WHOM.
WHO asked if I could {DO} and I said yes.|WHO asked me to {DO}, said I would.|Said yes to {DOING} WHEN.|I said to WHOM that I'd {DO} WHEN.|I let WHOM know that I'd {DO}.|Texted WHOM that I'd {DO} WHEN.
I'd be happy to {DO} DAY.|I'm happy to {DO} DAY.|I can {DO} for you DAY.|I can and will {DO} WHEN.|I plan to {DO} DAY.|I intend to {DO} DAY.|I aim to {DO} DAY.
Don't let me forget to {DO} WHEN.|Remind me to {DO} DAY, WHO is waiting.|Note to self: {DO} WHEN.|I've put it in my diary to {DO} DAY.|When I'm back I'll {DO}.|Once the audit is over I'll {DO}.|By then I'll have {DID}.
Sorry about that. I'll {DO} WHEN.|Thanks for telling me, I'll {DO}.|Good point, will {DO}.|No worries, I'll {DO} WHEN.|ok will {DO} WHEN|Yes, I'll {DO}.|Right. I'll {DO} WHEN then.|Fair enough, I'll {DO}.
I won't {DO} again without asking you, promise.|I promised not to {DO}.|I'll make sure to {DO} WHEN.|I'll make sure {THING} is ready DAY.|I'll see to it that you get {THING}.|I'll try to {DO} WHEN.|I'll do my best to {DO} WHEN.
Talked with WHOM for an hour; I'll {DO} WHEN.|1:1 with WHOM – I {DO} WHEN.|Spoke to WHOM PAST, will {DO} WHEN.|WHO is upset, I said I'd {DO}.|WHO was worried about THING. I'll {DO} WHEN.|As agreed, I'll {DO} DAY.
I'm the one to {DO} DAY.|I've taken it on myself to {DO} WHEN.|I've taken on {THING}, due DAY.|It falls to me to {DO} WHEN.|Expect {THING} from me DAY.|Give me until Friday and I'll {DO}.|Hold me to this: I {DO} DAY.
As of tomorrow I {DO} myself.|From now on I {DO} myself, that's a promise.|{THING} gets sorted DAY, I'll see to it.|{THING} DAY, I promise.|{THING}: ordering it DAY.|"I'll {DO} WHEN," I told WHOM.|I told them, "I'll {DO} WHEN."
WHO stayed on to DO PAST, I'll {DO} WHEN.|WHO DID PAST, so I'll {DO} WHEN.|WHO DID PAST. Told her I'd {DO} WHEN.|WHO helped WHOM DO PAST; I said I'd {DO} WHEN.|I can't DO, but I will {DO} WHEN.|What I can do is {DO}, and I'll do it DAY.|I won't {DO} any more, you have my word.|I want to be fair, so I'll {DO} first.
{DOING} now.|I had promised to DO, and didn't. {DOING} tomorrow.|I've blocked Monday {to DO}.|I will {DO}.|I'll {DO}.|So I'll {DO}.|And I'll {DO}.|Then I'll {DO} WHEN.|That's why I'll {DO} WHEN.
Said I was good for {THING}.|Between now and Friday I'll {DO}.|I know I'm late with {THING}; you'll have it DAY.|I haven't forgotten {THING}, you get it DAY.|I still have to {DO}, as I told WHOM I would.|WHO reminded me that I'd promised to {DO}.
"""
OTHER = """WHO said she'd <DO> WHEN.|WHO said he would <DO> WHEN.|WHO says they'll <DO> WHEN.|WHO told me he'd <DO> WHEN.|WHO promised to <DO> WHEN.|WHO has promised to <DO> WHEN.|WHO agreed to <DO> WHEN.|WHO has agreed to <DO> WHEN.
WHO offered to <DO> WHEN.|WHO volunteered to <DO> WHEN.|WHO is to <DO> DAY.|WHO to <DO> DAY.|WHO: <DO> DAY.|WHO will <DO> DAY.|WHO'll <DO> DAY, she said.|WHO is going to <DO> DAY.|WHO committed to <DOING> DAY.|WHO has committed to <DOING> WHEN.
WHO is <DOING> DAY, he offered.|WHO wrote that she'd <DO> WHEN.|WHO confirmed they will <DO> DAY.|WHO assured me that he'd <DO> WHEN.|WHO gave me her word that she'd <DO>.|WHO swore to <DO> WHEN.|You said you'd <DO> WHEN.|You promised to <DO> WHEN.
You offered to <DO> DAY, thank you.|Thank you for offering to <DO>.|Thanks for agreeing to <DO> DAY.|I asked WHOM to <DO> and she said she would.|Asked WHOM to <DO> WHEN; he agreed.|"I'll <DO> WHEN," said WHOM.|WHO: "I'll <DO> WHEN."|WHO wrote: "I will <DO> WHEN."
We agreed that WHOM <DO> WHEN.|Agreed with WHOM: she'll <DO> WHEN.|WHO said yes to <DOING> WHEN.|WHO undertook to <DO> WHEN.|WHO texted: will <DO> WHEN.|WHO promised me <THING> DAY.|WHO promised us <THING>.|WHO said I'd have <THING> DAY.
WHO DID PAST and will <DO> DAY.|WHO promised <THING>.|WHO guarantees <THING> DAY.|WHO is going to <DO> WHEN.|WHO will <DO> DAY, they told me.|WHO hasn't done it yet, though she said she'd <DO>.|WHO's <DOING> DAY, we agreed on that.|WHO will <DO> WHEN, he promised.
WHO reckons she'll <DO> DAY.|WHO has my request and will <DO> DAY.|WHO confirmed: <THING> DAY.|WHO put her hand up to <DO> DAY.|WHO told us <THING> would be here DAY.
"""
BOTH = """I'll {DO}, WHO will <DO>.|Agreed: I {DO}, WHO to <DO> DAY.|WHO will <DO> and I'll {DO} WHEN.|You <DO>, I {DO}, deal?|I promised to {DO}, and she promised to <DO>.|Me: {DO}. WHO: <DO>.
"""
NONE = """I DID PAST.|I DID PAST as promised.|I DID PAST, as I said I would.|I have DID.|I've already DID.|WHO DID PAST.|WHO DID PAST, as she had promised.|WHO has DID.|I kept my promise and DID.|I had promised to DO, and PAST I did.
Will you DO WHEN?|Could you DO WHEN?|Can you DO DAY, WHO?|Please DO DAY.|DO DAY, please.|WHO, please DO DAY.|Would you mind DOING DAY?|I asked WHOM to DO DAY.|I told WHOM to DO DAY.|I want you to DO DAY.|I need you to DO DAY.|You should DO DAY.|You need to DO DAY.|You must DO DAY.
Shall I DO WHEN?|Should I DO WHEN?|Do you want me to DO WHEN?|Would it help if I DID?|Who will DO DAY?|When will WHOM DO?|Will WHOM DO DAY?|Did I say I'd DO?|What if I DID?|Did WHOM DO?|Have you DID?
If the budget allows I'd DO.|I'd DO if I could.|If I had time I would DO.|If only I could DO.|I wish I could DO DAY.|Had I known, I'd have DID.|I would have DID PAST.|I could have DID.|I should have DID PAST.|Unless HR says yes I can't DO.|I was going to DO PAST, but the phone rang.
I can't DO DAY.|I won't DO.|I won't be able to DO DAY.|I'm not going to DO.|I can't promise to DO.|I can't promise you THING.|I never said I'd DO.|I didn't promise to DO.|I never promised WHOM THING.|I told WHOM that I won't DO.|I refused to DO.|I had to tell WHOM that I can't DO.
Maybe I'll DO one day.|Perhaps I'll DO.|I might DO DAY.|I may DO or not.|I hope to DO one day.|I'd like to DO one day.|I'd love to DO.|I hope WHOM can DO DAY.|I thought about DOING.|I'm thinking of DOING.|I wonder if I should DO.|I'd rather not DO.|I don't know if I'll DO.|I doubt I'll DO.|Not sure I'll DO DAY.
WHO thinks I'll DO.|WHO hopes I'll DO DAY.|WHO asked whether I'd DO.|WHO asked if I would DO DAY.|WHO wants me to DO DAY.|WHO wants to know if I'll DO.|WHO expects me to DO DAY.|WHO should DO DAY.|WHO might DO.|WHO would DO if asked.|WHO could DO DAY.|WHO can DO DAY.|WHO won't DO.|WHO never promised to DO.|WHO refused to DO.|WHO forgot to DO PAST.
I always DO on Fridays.|I usually DO on Mondays.|Every week I DO.|I used to DO.|WHO always says she'll DO and never does.|WHO usually DID on Mondays.|We DO every Friday.|I never DO on Sundays.|Normally I DO first.|I keep saying I'll DO and never do.|WHO likes DOING.|WHO is good at DOING.
Happy to help if you need anything.|If you want, I can DO.|I could DO, if that helps.|Just say if I should DO.|Let me know if I should DO.|Let me know by Friday.|Let me know how it goes with THING.|Anyone who wants to DO, tell me.
Thank you for DOING.|Thanks for THING.|Thank you, WHO, for DOING PAST.|Well done for DOING.|You DID, and nobody had to wait.|WHO stayed late and DID.|WHO DID so that nobody had to ask twice.|It was WHOM who DID PAST.|WHO helped me DO PAST.|I saw WHOM DOING.|WHO was DOING when I came in.
I'll be late tomorrow.|I'll be off until Monday.|I'll be glad when THING is done.|I'll miss THING.|I'll never forget how you DID.|I'll believe it when I see THING.|I'll be honest, THING was a mess.|I'll have to think about THING.|I'll say this: THING was good.|I'll need THING DAY.|I expect THING DAY.|I'm waiting for THING.|I'm looking forward to THING.
THING is due DAY.|THING arrives DAY.|THING will be delivered DAY.|THING has arrived.|THING was ready PAST.|THING was in the post PAST.|The company will DO in the spring.|The council is planning to DO.|We'll be closed DAY.|There is a meeting about THING DAY.|THING costs too much.|WHO asked for THING.|WHO needs THING DAY.|WHO got THING PAST.
I promised WHOM THING and gave it to her PAST.|WHO was glad that I DID.|WHO complained about THING.|I'm sorry I didn't DO.|I forgot to DO PAST, sorry.|Nobody will DO.|Somebody will have to DO.|Somebody should DO.|Let's DO DAY.|Why not DO DAY?|Why didn't anyone DO?|How would you DO?|What would you need to DO?|It would be good to DO.|It takes a day to DO.|DOING takes all day.|DOING is WHOM's job.
WHO is proud of DOING.|WHO wants to learn how to DO.|WHO had to DO alone PAST.|I noticed that WHOM DID.|I was glad you DID.|I had DID before she asked.|They told me I'd hear DAY.|I was told THING would come DAY.|If you DO, I'll be angry.|Don't DO.|Never DO.|Do you remember when I DID?|Remember when WHOM DID?|No promises about THING.|I made no promise about THING.
WHO stayed on to DO PAST.|WHO stayed late to DO.|WHO came in early to DO on Thursday.|WHO took the time to DO PAST.|WHO offered a hand and DID.|WHO managed to DO without being asked.|WHO went back to DO PAST.|WHO rang to DO.|WHO was the first to DO.
WHO helped WHOM to DO PAST.|WHO DID on Monday, and on Tuesday too.|WHO found a way to DO before Friday.|WHO didn't DO PAST.|WHO had to DO again on Friday.|WHO said she DID PAST.|WHO told me he DID PAST.|WHO says she is tired of DOING.|WHO said he'd been DOING all week.|WHO told me she had DID.
I'll be direct with you about THING.|I'll come straight to the point about THING.|I'll stop you there.|I'll start with THING.|I'll explain why THING matters.|I'll leave THING with you.|I'll listen.|You'll hear from WHOM about THING.|I told WHOM to let me know about THING DAY.|WHO told me THING is late.|WHO can start DAY.
WHO promised to DO, and did so PAST.|WHO is off DAY.|WHO starts DAY.|WHO will be forty DAY.|WHO is leaving DAY.|Imagine I DID.|I keep THING in the drawer.|I like DOING.|I hate DOING.|I read about THING.|I'm not sure about THING.|I'm DOING right now.|I was DOING when you called.|I've been DOING all day.|I'd DID before lunch.|I agree about THING.|I agreed with WHOM about THING.
"""  # fmt: skip


def _frames(block: str) -> list[str]:
    return [frame for line in block.strip().splitlines() for frame in line.split("|")]


FRAMES = [(frame, share) for block, share in ((LEADER, 3.0), (OTHER, 2.0), (BOTH, 2.0), (NONE, 2.0)) for frame in _frames(block)]  # fmt: skip


def made(count: int, seed: int) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Texts with what is promised in them: start, end, "leader" or "other"."""
    rng = np.random.default_rng(seed)
    shares = np.array([share for _, share in FRAMES])
    return [_marked(_filled(FRAMES[at][0], rng)) for at in rng.choice(len(FRAMES), count, p=shares / shares.sum())]


def _filled(frame: str, rng: np.random.Generator) -> str:
    def one(options: object) -> str:
        return str(rng.choice(options))  # type: ignore[call-overload]

    def word(match: re.Match[str]) -> str:
        slot = match.group()
        if slot in ("DO", "DOING", "DID"):
            forms = one(DEEDS.splitlines()).split("|")
            return forms[("DO", "DOING", "DID").index(slot)]
        if slot == "WHEN":
            return one(DAYS) if rng.random() < 0.6 else ""
        return one({"THING": THINGS, "WHO": OTHERS, "DAY": DAYS, "PAST": PASTS}.get(slot, NAMES))

    said = re.sub(r"\b(?:DOING|DO|DID|THING|WHO|WHEN|DAY|PAST)\b", word, frame)
    said = re.sub(r"\bWHOM\b", lambda _: one((*NAMES, "her", "him", "them", "the team")), said)
    said = re.sub(r"\s+(?=[.,;:!?>}])|(?<=\s)\s+", "", said).strip()
    return _worn(said, rng)


def _worn(said: str, rng: np.random.Generator) -> str:
    """As people type: capitals, full stops and apostrophes are not always there."""
    mood = rng.random()
    if mood < 0.12:
        return said.lower().rstrip(".")
    if mood < 0.2:
        return said.replace("'", "")
    if mood < 0.35:
        return said.replace("'", "’")
    at = 1 if said[0] in '{<"' else 0
    return said[:at] + said[at : at + 1].upper() + said[at + 1 :]


def _marked(said: str) -> tuple[str, list[tuple[int, int, str]]]:
    text, marks, start, who = "", [], 0, ""
    for sign in said:
        if sign in "{<":
            start, who = len(text), "leader" if sign == "{" else "other"
        elif sign in "}>":
            marks.append((start, len(text), who))
        else:
            text += sign
    return text, marks
