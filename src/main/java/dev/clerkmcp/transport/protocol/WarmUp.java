package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.Lazy;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.transport.jsonrpc.FailureLog;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What takes long to build and no handshake needs: the tools. A thread builds it behind the
 * client's back, once the client has what it asks for first; a call that comes before waits for
 * just what it needs.
 */
public final class WarmUp {
  /** How long the client may take to shake hands before building begins all the same. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** By then the first calls are over, if there were any at once. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  /** A client that takes longer has given up, or wants no tools. */
  private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(10);

  private final MessageWriter writer;
  private final ToolRegistryProvider provider;
  private @Nullable ProtocolHandler served;
  private @Nullable CallThreadPool pool;
  private @Nullable ToolCallHandler calls;
  private @Nullable Lazy<ToolRegistry> registry;

  public WarmUp(ToolRegistryProvider provider, MessageWriter writer) {
    this.writer = writer;
    this.provider = provider;
  }

  /** Begins to build, soon. */
  public void open() {
    Thread builder = new Thread(new Builder(), "build");
    builder.setDaemon(true);
    builder.start();
  }

  /** Says that the client has been told what it asks for first. */
  synchronized void clientIsServed(ProtocolHandler protocol) {
    served = protocol;
    notifyAll();
  }

  private synchronized @Nullable ProtocolHandler awaitClient(Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); served == null && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    return served;
  }

  /** Serves calls of the tools. */
  synchronized ToolCallHandler calls() {
    if (calls == null) {
      calls = new ToolCallHandler(registry(), pool(), new ProgressNotifier(writer));
    }
    return calls;
  }

  /** Waits until no call runs, for the given time at most. */
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

  /** A class, since the first lambda of a process takes as long as ten of them. */
  private final class Builder implements Runnable {
    @Override
    public void run() {
      try {
        build();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Throwable e) { // every call fails then too, and says so
        FailureLog.log("The tools could not be built", e);
      }
    }

    private void build() throws InterruptedException {
      awaitClient(PATIENCE);
      ToolRegistry unused = registry().get();
      ProtocolHandler protocol = awaitClient(LONGEST_HANDSHAKE);
      if (protocol != null) {
        Lazy<ToolRegistry> few = new Lazy<>(provider::rehearsal);
        DummyCalls.run(protocol, new ToolCallHandler(few, pool(), new ProgressNotifier(writer)));
      }
      Thread.sleep(QUIET.toMillis());
      System.gc(); // building leaves a fifth of the process's memory behind
    }
  }
}
