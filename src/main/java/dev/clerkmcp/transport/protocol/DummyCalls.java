package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Calls that nobody made: Java loads and compiles the way of a call when it is first gone, and the
 * first person to call should not have to wait for that.
 */
final class DummyCalls {
  /** After so many, more would gain nothing that a person could notice. */
  private static final int CALLS = 20;

  /** Something is wrong if one takes longer; the rehearsal is then broken off. */
  private static final int LONGEST_SECONDS = 5;

  private DummyCalls() {}

  /**
   * Carries calls through an era, one after the other.
   *
   * @param calls serves tools that reach nothing
   */
  static void run(ProtocolHandler protocol, ToolCallHandler calls) throws InterruptedException {
    for (int i = 0; i < CALLS; i++) {
      CountDownLatch answered = new CountDownLatch(1);
      protocol.call(
          calls,
          ToolRegistryProvider.REHEARSED,
          new PendingResponse("0", answer -> answered.countDown()));
      if (!answered.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    }
  }
}
