package dev.clerkmcp.transport.jsonrpc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects the answers to the requests of one batch and sends them as one array. */
public final class BatchResponse implements Consumer<@Nullable String> {
  private final MessageWriter writer;
  private final List<String> answers = new ArrayList<>();
  private int outstanding;

  /** Expects the given number of answers. */
  public BatchResponse(MessageWriter writer, int outstanding) {
    this.writer = writer;
    this.outstanding = outstanding;
  }

  /** Takes one answer, or null for a request that was cancelled. */
  @Override
  public void accept(@Nullable String answer) {
    String all;
    synchronized (this) {
      if (answer != null) {
        answers.add(answer);
      }
      outstanding--;
      if (outstanding > 0 || answers.isEmpty()) {
        return;
      }
      all = "[" + String.join(",", answers) + "]";
    }
    writer.write(all);
  }
}
