package dev.clerkmcp.registry;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Runs the parts of tool calls on other threads. If no thread is free, a part runs on the thread of
 * its call, because waiting could deadlock: the call keeps its thread while it waits for the part.
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
