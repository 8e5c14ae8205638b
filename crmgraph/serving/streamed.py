"""An answer that is sent part by part as it is made, and is never passed off as whole where it breaks off."""

from collections.abc import Mapping

from anyio import CancelScope, CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from crmgraph.answering import Answer, Rest
from crmgraph.errors import AnswerError
from crmgraph.serving.connection import BREAK_OFF
from crmgraph.serving.leaving import until_gone, watching
from crmgraph.serving.problems import kind_of
from crmgraph.serving.visit import visit_of

__all__ = ["may_come_by_parts", "response_of"]


def may_come_by_parts(request: Request) -> bool:
    """Whether the client would notice that an answer broke off: HTTP/1.0 has no way to say so."""
    return bool(request.scope["http_version"] != "1.0")


def response_of(answer: Answer, headers: Mapping[str, str], threads: CapacityLimiter) -> Response:
    """The response with this answer; where it has a rest, that is read in threads of `threads`."""
    if answer.rest is None:
        return Response(answer.body, headers=headers)
    return _Streamed(answer, answer.rest, headers, threads)


class _Streamed(Response):
    """The response with an answer that has a rest. Where that cannot be had the transfer is broken off."""

    def __init__(self, answer: Answer, rest: Rest, headers: Mapping[str, str], threads: CapacityLimiter) -> None:
        super().__init__(answer.body, headers=headers)
        del self.headers["content-length"]
        self._rest = rest
        self._threads = threads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it (ASGI)."""
        request = Request(scope, receive)
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": self.body, "more_body": True})
            async with watching(request) as gone:
                while part := await to_thread.run_sync(self._rest.read, gone, limiter=self._threads):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except AnswerError as error:
            visit_of(request).problem = kind_of(error)
            break_off = scope.get("extensions", {}).get(BREAK_OFF)
            if break_off:
                break_off["abort"]()
                # Until the server knows, it would take this for a mistake.
                await until_gone(request)
        finally:
            # Where there is more to come, that may mean to end a process.
            with CancelScope(shield=True):
                await to_thread.run_sync(self._rest.close, limiter=self._threads)
