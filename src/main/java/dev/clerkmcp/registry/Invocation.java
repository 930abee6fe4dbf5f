package dev.clerkmcp.registry;

import dev.clerkmcp.clerk.Cancellation;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client's request to call a tool: its cancellation, notes and progress, and the executor for its
 * parts. If a discovery tool runs another tool, both have a {@link ToolCallContext} each within it.
 * It is bound to the thread that runs the tool, so that the endpoints which a composed tool calls
 * belong to the same call.
 */
public final class Invocation {
  private static final ThreadLocal<@Nullable Invocation> CURRENT = new ThreadLocal<>();

  private final Cancellation cancellation;
  private final CallExecutor executor;
  private final Caller caller;
  private final CopyOnWriteArrayList<String> notes;
  private final List<CompletableFuture<?>> parts;
  private final AtomicReference<@Nullable String> reached;
  private final AtomicReference<@Nullable String> progress;
  private final @Nullable ToolCallContext context;

  /**
   * Prepares a call.
   *
   * @param executor runs the parts of a composed tool in parallel
   * @param caller the program that waits for the answer
   */
  public Invocation(CallExecutor executor, Caller caller) {
    this(
        new Cancellation(),
        executor,
        caller,
        new CopyOnWriteArrayList<>(),
        new CopyOnWriteArrayList<>(),
        new AtomicReference<>(),
        new AtomicReference<>(),
        null);
  }

  private Invocation(
      Cancellation cancellation,
      CallExecutor executor,
      Caller caller,
      CopyOnWriteArrayList<String> notes,
      List<CompletableFuture<?>> parts,
      AtomicReference<@Nullable String> reached,
      AtomicReference<@Nullable String> progress,
      @Nullable ToolCallContext context) {
    this.cancellation = cancellation;
    this.executor = executor;
    this.caller = caller;
    this.notes = notes;
    this.parts = parts;
    this.reached = reached;
    this.progress = progress;
    this.context = context;
  }

  /** The call of the current thread; outside of a call, a new one. */
  public static Invocation current() {
    Invocation current = CURRENT.get();
    return current == null ? new Invocation(Runnable::run, Caller.UNKNOWN) : current;
  }

  /** Cancels the call and its HTTP request. Any thread may call this. */
  public void cancel() {
    cancellation.cancel();
  }

  /** Adds a sentence for the caller to the result, once. */
  public void note(String sentence) {
    notes.addIfAbsent(sentence);
  }

  /**
   * Adds a sentence to the plan about work that the tool would leave undone. Ignored unless the
   * call is being planned.
   */
  public void warn(String sentence) {
    if (context != null && context.isPlanning()) {
      context.warn(sentence);
    }
  }

  /**
   * Starts a part of this call on another thread. The returned supplier waits for the part, and
   * throws the exception that the part threw.
   */
  public <T> Supplier<T> fork(Supplier<T> part) {
    CompletableFuture<T> result = CompletableFuture.supplyAsync(() -> run(part), executor);
    parts.add(result);
    return () -> {
      try {
        return result.join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof RuntimeException failure ? failure : e;
      }
    };
  }

  /**
   * Waits for a person on the thread of this call. Meanwhile, the call does not count as running.
   *
   * @throws RejectedExecutionException if too many calls already wait for a person
   */
  public <T> T awaitPerson(Supplier<T> wait) {
    return executor.awaitPerson(wait);
  }

  /** The time at the instance of the running tool. */
  public Instant now() {
    return context == null ? Instant.now() : context.instance().clock().instant();
  }

  /** Whether the caller of the running tool names the fields that the answer shall have. */
  public boolean asksForFields() {
    return context != null && !context.options().fields().isEmpty();
  }

  /** The names of the instances that the running tool can read from, in order. */
  public List<String> instances() {
    return context == null ? List.of() : context.instanceNames();
  }

  /**
   * Runs a part of the running tool on another instance: its requests go there, with the key of
   * that instance, and are subject to the tools that are disabled there. They may only read.
   *
   * @throws InvalidArgumentsException if no instance has that name
   * @throws RefusedException if the tool is disabled there
   */
  public <T> T at(String instance, Supplier<T> work) {
    if (context == null) {
      throw new IllegalStateException("No tool is running that could read from another instance");
    }
    return context.crossInstance(instance).invocation().run(work);
  }

  /** The same call with a known caller. */
  public Invocation from(Caller known) {
    return new Invocation(cancellation, executor, known, notes, parts, reached, progress, context);
  }

  /** The program that waits for the answer. */
  public Caller caller() {
    return caller;
  }

  /** Records the instance that the call works on. */
  void reach(String instance) {
    reached.set(instance);
  }

  /** The name of the instance that the call works on; "none" before it is known. */
  String reached() {
    String instance = reached.get();
    return instance == null ? "none" : instance;
  }

  /** The same call while it runs a tool. */
  Invocation within(ToolCallContext tool) {
    return new Invocation(cancellation, executor, caller, notes, parts, reached, progress, tool);
  }

  /** The same call while it runs one of the tools that it calls together: with its own notes. */
  Invocation ofPart(ToolCallContext tool) {
    return new Invocation(
        cancellation,
        executor,
        caller,
        new CopyOnWriteArrayList<>(),
        parts,
        reached,
        progress,
        tool);
  }

  /** The context of the running tool; null before a tool runs. */
  public @Nullable ToolCallContext context() {
    return context;
  }

  /**
   * Checks for cancellation between the requests of a composed tool.
   *
   * @throws java.util.concurrent.CancellationException if the call was cancelled
   */
  public void checkCancelled() {
    cancellation.check();
  }

  /** Cancels the requests of this call. */
  public Cancellation cancellation() {
    return cancellation;
  }

  /** Calls the listener when the call pauses, such as for Clerk's rate limit. */
  public void onPause(Consumer<String> listener) {
    cancellation.onPause(listener);
  }

  /**
   * Makes the requests of the call part of a trace.
   *
   * @param traceparent as in W3C Trace Context; another value is ignored
   */
  public void traceAs(@Nullable String traceparent) {
    if (traceparent != null) {
      cancellation.traceAs(traceparent);
    }
  }

  /** Waits until all started parts have ended, whatever their outcome. */
  void awaitParts() {
    CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .exceptionally(failure -> null)
        .join();
    parts.clear();
  }

  /** Removes all notes after the first ones. */
  void keepNotes(int first) {
    while (notes.size() > first) {
      notes.remove(notes.size() - 1);
    }
  }

  /**
   * Sets the progress of a long call: {@code Invited 20 of 60}. The caller gets the latest text
   * every two seconds, so this may be called often.
   */
  public void doing(String text) {
    boolean planning = context != null && context.isPlanning();
    progress.set(TextSanitizer.of(planning ? "Planning, nothing is sent yet: " + text : text));
  }

  /** The reason for a pause, else the progress; null if the call reported neither. */
  public @Nullable String waitingFor() {
    String pause = cancellation.waitingFor();
    return pause == null ? progress.get() : pause;
  }

  /** The notes so far. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** Removes notes that a part of the call tells. */
  void withdraw(List<String> told) {
    notes.removeAll(told);
  }

  /** Binds the call to the current thread and runs the work. */
  public <T> T run(Supplier<T> work) {
    Invocation outer = bind();
    try {
      return work.get();
    } finally {
      rebind(outer);
    }
  }

  /** Binds the call to the current thread, and returns the call that was bound to it. */
  @Nullable Invocation bind() {
    Invocation outer = CURRENT.get();
    CURRENT.set(this);
    return outer;
  }

  /** Ends a binding and restores the call that was bound before; null for none. */
  static void rebind(@Nullable Invocation outer) {
    CURRENT.set(outer);
  }

  /**
   * Runs the parts of tool calls on other threads. If no thread is free, a part runs on the thread
   * of its call, because waiting could deadlock: the call keeps its thread while it waits for the
   * part.
   */
  public interface CallExecutor extends Executor {
    /**
     * Waits for a person. Meanwhile, an executor with a limit on running calls does not count this
     * call.
     *
     * @throws RejectedExecutionException if too many calls already wait for a person
     */
    default <T> T awaitPerson(Supplier<T> wait) {
      return wait.get();
    }
  }
}
