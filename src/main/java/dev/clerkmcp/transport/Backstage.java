package dev.clerkmcp.transport;

import dev.clerkmcp.registry.Selection;
import dev.clerkmcp.registry.ToolRegistry;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What takes long to build and no handshake needs: the tools, and what runs them. A thread builds
 * it behind the client's back, once the client has what it asks for first; a call that comes before
 * waits for just what it needs.
 */
final class Backstage {
  /** How long the client may take to shake hands before building begins all the same. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** By then the first calls are over, if there were any at once. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  /** A client that takes longer has given up, or wants no tools. */
  private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(10);

  private final ServerCard card;
  private final Supplier<Selection> selection;
  private final Outlet outlet;
  private final Late<ToolRegistry> registry;
  private final Workshop workshop;
  private @Nullable Era served;
  private @Nullable Late<SdkSession> session;
  private @Nullable ExecutorService executor;
  private @Nullable ToolCalls calls;

  /**
   * Prepares to build.
   *
   * @param selection which of the tools are listed
   */
  Backstage(ServerCard card, Supplier<Selection> selection, Workshop workshop, Outlet outlet) {
    this.card = card;
    this.selection = selection;
    this.outlet = outlet;
    this.workshop = workshop;
    this.registry = new Late<>(new Tools());
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
      calls = new ToolCalls(registry, executor(), new Heartbeat(outlet));
    }
    return calls;
  }

  /** A session of the SDK's, to be opened when it is first used. */
  synchronized Late<SdkSession> session(String initializeParams) {
    session = new Late<>(new Opening(initializeParams));
    return session;
  }

  /** Runs something on a thread of its own. */
  void execute(Runnable work) {
    executor().execute(work);
  }

  private synchronized ExecutorService executor() {
    if (executor == null) {
      executor = Executors.newCachedThreadPool(DaemonThreads.named("call"));
    }
    return executor;
  }

  private synchronized @Nullable Late<SdkSession> opening() {
    return session;
  }

  // These are classes, since the first lambda of a process takes as long as ten of them.

  private final class Tools implements Supplier<ToolRegistry> {
    @Override
    public ToolRegistry get() {
      return workshop.tools();
    }
  }

  private final class Builder implements Runnable {
    @Override
    public void run() {
      try {
        build();
      } catch (InterruptedException | RuntimeException e) {
        return; // whoever calls a tool learns of it
      }
    }

    private void build() throws InterruptedException {
      awaitClient(PATIENCE);
      registry.get();
      Late<SdkSession> opening = opening();
      if (opening != null) {
        opening.get();
      }
      Era era = awaitClient(LONGEST_HANDSHAKE);
      if (era != null) {
        Late<ToolRegistry> few = new Late<>(workshop::rehearsal);
        Rehearsal.run(era, new ToolCalls(few, executor(), new Heartbeat(outlet)));
      }
      Thread.sleep(QUIET.toMillis());
      System.gc(); // building leaves a fifth of the process's memory behind
    }
  }

  private final class Opening implements Supplier<SdkSession> {
    private final String initializeParams;

    Opening(String initializeParams) {
      this.initializeParams = initializeParams;
    }

    @Override
    public SdkSession get() {
      return new SdkServer(card, registry.get(), selection.get(), outlet).open(initializeParams);
    }
  }
}
