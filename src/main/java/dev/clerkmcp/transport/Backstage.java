package dev.clerkmcp.transport;

import dev.clerkmcp.Lazy;
import dev.clerkmcp.registry.ToolRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What takes long to build and no handshake needs: the tools. A thread builds it behind the
 * client's back, once the client has what it asks for first; a call that comes before waits for
 * just what it needs.
 */
final class Backstage {
  /** How long the client may take to shake hands before building begins all the same. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** By then the first calls are over, if there were any at once. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  /** A client that takes longer has given up, or wants no tools. */
  private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(10);

  private final Outlet outlet;
  private final Workshop workshop;
  private @Nullable Era served;
  private @Nullable CallPool pool;
  private @Nullable ToolCalls calls;
  private @Nullable Lazy<ToolRegistry> registry;

  Backstage(Workshop workshop, Outlet outlet) {
    this.outlet = outlet;
    this.workshop = workshop;
  }

  /** Begins to build, soon. */
  void open() {
    Thread builder = new Thread(new Builder(), "build");
    builder.setDaemon(true);
    builder.start();
  }

  /** Says that the client has been told what it asks for first. */
  synchronized void clientIsServed(Era era) {
    served = era;
    notifyAll();
  }

  private synchronized @Nullable Era awaitClient(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); served == null && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    return served;
  }

  /** Serves calls of the tools. */
  synchronized ToolCalls calls() {
    if (calls == null) {
      calls = new ToolCalls(registry(), pool(), new Heartbeat(outlet));
    }
    return calls;
  }

  /** Waits until no call runs, for the given time at most. */
  void awaitIdle(Duration limit) throws InterruptedException {
    CallPool used;
    synchronized (this) {
      used = pool;
    }
    if (used != null) {
      boolean unused = used.awaitIdle(limit);
    }
  }

  private synchronized CallPool pool() {
    if (pool == null) {
      pool = new CallPool();
    }
    return pool;
  }

  private synchronized Lazy<ToolRegistry> registry() {
    if (registry == null) {
      registry = new Lazy<>(workshop::tools);
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
      Era era = awaitClient(LONGEST_HANDSHAKE);
      if (era != null) {
        Lazy<ToolRegistry> few = new Lazy<>(workshop::rehearsal);
        Rehearsal.run(era, new ToolCalls(few, pool(), new Heartbeat(outlet)));
      }
      Thread.sleep(QUIET.toMillis());
      System.gc(); // building leaves a fifth of the process's memory behind
    }
  }
}
