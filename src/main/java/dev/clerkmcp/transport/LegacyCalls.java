package dev.clerkmcp.transport;

import dev.clerkmcp.registry.Selection;
import dev.clerkmcp.registry.ToolResult;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Serves {@code tools/call} of a session of the legacy era. */
final class LegacyCalls {
  private final Results results;
  private final LegacyCaller caller;
  private final Set<String> structured;

  /**
   * Serves calls.
   *
   * @param selection which of the tools tell hosts what they answer
   */
  LegacyCalls(Selection selection, Results results, LegacyCaller caller) {
    this.results = results;
    this.caller = caller;
    this.structured = ToolList.structured(selection.listed());
  }

  /** Begins a call and returns. */
  void serve(ToolCalls calls, @Nullable String params, Reply reply) {
    calls.serve(params, reply, this::serve);
  }

  /** Takes the client's answer to what a call asked. */
  void receive(Message.Response response) {
    caller.receive(response);
  }

  private void serve(ToolCall call) {
    ToolResult result = call.run(caller);
    boolean tells = structured.contains(call.tool().name());
    call.reply().result(results.of(ResultText.members(result, tells), result.meta()));
  }
}
