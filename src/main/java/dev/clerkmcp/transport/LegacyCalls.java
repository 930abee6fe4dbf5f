package dev.clerkmcp.transport;

import org.jspecify.annotations.Nullable;

/** Serves {@code tools/call} of a session of the legacy era. */
final class LegacyCalls {
  private final ResultText texts;
  private final LegacyCaller caller;

  LegacyCalls(ResultText texts, LegacyCaller caller) {
    this.texts = texts;
    this.caller = caller;
  }

  /** Begins a call and returns. */
  void serve(ToolCalls calls, @Nullable String params, Reply reply) {
    calls.serve(params, reply, call -> reply.result(texts.of(call.tool(), call.run(caller))));
  }

  /** Takes the client's answer to what a call asked. */
  void receive(Message.Response response) {
    caller.receive(response);
  }
}
