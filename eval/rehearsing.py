"""Puts a rehearsal case to the partner, line by line, as `coach rehearse --jsonl` does."""

from coach.desk import Desk
from coach.dialogue import Dialogue
from eval.case import TODAY, Case, Scene
from eval.errors import Misuse
from eval.output import Output


def rehearse(desk: Desk, case: Case) -> Output:
    """`message` is all that the partner said; `labels` and `states` are by turn of the leader's."""
    scene = case.input
    if not isinstance(scene, Scene):
        raise Misuse(f"{case.id} is no rehearsal.")
    setting = scene.model_dump(mode="json", exclude={"say"}, exclude_none=True)
    talk = Dialogue(desk, TODAY)
    replies = [talk.reply(setting), *(talk.reply({"say": line}) for line in scene.say)]
    return Output(
        message="\n".join(reply["reply"] for reply in replies if reply["reply"]),
        labels=tuple(tuple(reply["labels"]) for reply in replies[1:]),
        states=tuple(str(reply["state"]) for reply in replies[1:]),
    )
