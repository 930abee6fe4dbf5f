package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.Lazy;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.transport.jsonrpc.FailureLog;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does the warm-up of the server: builds the tools on a background thread, and then runs dummy
 * calls that warm up the JVM. The first call loads and compiles most classes; after dummy calls it
 * takes 19 ms instead of 400. A call that comes earlier waits only for what it needs itself.
 */
public final class WarmUp {
  /** How long building the tools is delayed in favor of the handshake. */
  private static final Duration BUILD_DELAY = Duration.ofMillis(100);

  /**
   * Without a handshake in this time, dummy calls are skipped: the client has given up or wants no
   * tools.
   */
  private static final Duration MAX_HANDSHAKE_TIME = Duration.ofSeconds(10);

  /** More dummy calls would make the first real one no faster. */
  private static final int DUMMY_CALLS = 20;

  /** A dummy call that takes longer has failed, and is the last one. */
  private static final Duration MAX_DUMMY_CALL_TIME = Duration.ofSeconds(5);

  /** How long garbage collection is delayed in favor of the first calls. */
  private static final Duration GC_DELAY = Duration.ofSeconds(3);

  private final MessageWriter writer;
  private final ToolRegistryProvider provider;
  private @Nullable ProtocolHandler protocol;
  private @Nullable CallThreadPool pool;
  private @Nullable ToolCallHandler toolCalls;
  private @Nullable Lazy<ToolRegistry> registry;

  public WarmUp(ToolRegistryProvider provider, MessageWriter writer) {
    this.writer = writer;
    this.provider = provider;
  }

  /** Starts the warm-up on a thread of its own. */
  public void start() {
    Thread thread = new Thread(new Work(), "warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  /** Called at each {@code tools/list}. The first one ends the handshake for the warm-up. */
  synchronized void handshakeDone(ProtocolHandler usedProtocol) {
    protocol = usedProtocol;
    notifyAll();
  }

  /** Waits for the end of the handshake and returns its protocol; null if the limit is reached. */
  private synchronized @Nullable ProtocolHandler awaitHandshake(Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); protocol == null && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    return protocol;
  }

  /** The handler of all tool calls, created at first use. */
  synchronized ToolCallHandler toolCalls() {
    if (toolCalls == null) {
      toolCalls = new ToolCallHandler(registry(), pool(), new ProgressNotifier(writer));
    }
    return toolCalls;
  }

  /** Waits until no call runs or waits for a person, for the given time at most. */
  public void awaitIdle(Duration limit) throws InterruptedException {
    CallThreadPool used;
    synchronized (this) {
      used = pool;
    }
    if (used != null) {
      boolean unused = used.awaitIdle(limit);
    }
  }

  private synchronized CallThreadPool pool() {
    if (pool == null) {
      pool = new CallThreadPool();
    }
    return pool;
  }

  private synchronized Lazy<ToolRegistry> registry() {
    if (registry == null) {
      registry = new Lazy<>(provider::tools);
    }
    return registry;
  }

  /** The work of the thread; a class, since no lambda may be loaded before the handshake. */
  private final class Work implements Runnable {
    @Override
    public void run() {
      try {
        warmUp();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Throwable e) { // every call will fail for the same reason, and report it
        FailureLog.log("The tools could not be built", e);
      }
    }

    private void warmUp() throws InterruptedException {
      awaitHandshake(BUILD_DELAY);
      ToolRegistry unused = registry().get();
      ProtocolHandler used = awaitHandshake(MAX_HANDSHAKE_TIME);
      if (used != null) {
        runDummyCalls(used);
      }
      Thread.sleep(GC_DELAY.toMillis());
      System.gc(); // a fifth of the memory is garbage from building the tools
    }

    private void runDummyCalls(ProtocolHandler used) throws InterruptedException {
      ToolCallHandler dummies =
          new ToolCallHandler(
              new Lazy<>(provider::warmUpTools), pool(), new ProgressNotifier(writer));
      boolean inTime = true;
      for (int i = 0; i < DUMMY_CALLS && inTime; i++) {
        CountDownLatch done = new CountDownLatch(1);
        used.call(
            dummies,
            ToolRegistryProvider.WARM_UP_CALL,
            new PendingResponse("0", message -> done.countDown()));
        inTime = done.await(MAX_DUMMY_CALL_TIME.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }
}
