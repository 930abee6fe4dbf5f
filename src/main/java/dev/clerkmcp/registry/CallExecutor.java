package dev.clerkmcp.registry;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Runs the parts of tool calls, as {@link #execute}: on another thread, or on the calling thread. A
 * part never waits for a free thread, since its call waits for the part.
 */
public interface CallExecutor extends Executor {
  /**
   * Waits for a person. An executor that limits how many calls run at once does not count the call
   * meanwhile.
   *
   * @throws RejectedExecutionException if too many calls wait for a person already
   */
  default <T> T awaitPerson(Supplier<T> wait) {
    return wait.get();
  }
}
