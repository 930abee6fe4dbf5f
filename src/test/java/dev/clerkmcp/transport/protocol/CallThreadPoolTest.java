package dev.clerkmcp.transport.protocol;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that a bounded number of calls runs at once, and none is lost. */
@Timeout(60)
final class CallThreadPoolTest {
  private final CallThreadPool pool = new CallThreadPool();
  private final CountDownLatch release = new CountDownLatch(1);

  @Test
  void callsBeyondTheLimitAreQueued() throws InterruptedException {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(CallThreadPool.MAX_RUNNING);
    CountDownLatch done = new CountDownLatch(1000);
    for (int i = 0; i < 1000; i++) {
      pool.submit(
          () -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            begun.countDown();
            await(release);
            running.decrementAndGet();
            done.countDown();
          },
          0);
    }
    await(begun);
    assertThat(done.getCount()).isEqualTo(1000);
    release.countDown();
    assertThat(done.await(30, SECONDS)).isTrue();
    assertThat(most.get()).isEqualTo(CallThreadPool.MAX_RUNNING);
  }

  @Test
  void callThatWaitsForUserDoesNotCount() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(CallThreadPool.MAX_WAITING);
    CountDownLatch answered = new CountDownLatch(CallThreadPool.MAX_WAITING);
    for (int i = 0; i < CallThreadPool.MAX_WAITING; i++) {
      pool.submit(
          () -> {
            assertThat(
                    pool.<String>awaitPerson(
                        () -> {
                          asked.countDown();
                          await(release);
                          return "yes";
                        }))
                .isEqualTo("yes");
            answered.countDown();
          },
          0);
    }
    await(asked);
    assertThatThrownBy(() -> pool.awaitPerson(() -> "no"))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessage("20 calls already wait for a person");
    fill();
    release.countDown();
    await(answered);
    assertThat(pool.<String>awaitPerson(() -> "asked")).isEqualTo("asked");
  }

  /** The system may have no thread for the queued call that takes the place of the waiting one. */
  @Test
  void queuedCallIsNotLostIfThereIsNoThreadForIt() {
    AtomicInteger threads = new AtomicInteger();
    CallThreadPool small =
        new CallThreadPool(
            task -> {
              if (threads.incrementAndGet() > 1) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              return CallThreadPool.daemonThreads("only").newThread(task);
            });
    CountDownLatch answered = new CountDownLatch(1);
    CountDownLatch queuedRan = new CountDownLatch(1);
    small.submit(
        () -> {
          await(release);
          assertThat(small.<String>awaitPerson(() -> "yes")).isEqualTo("yes");
          answered.countDown();
        },
        0);
    small.submit(queuedRan::countDown, 0);
    release.countDown();
    await(answered);
    await(queuedRan);
  }

  /** Fills the pool with calls that all run at once, until the test lets them end. */
  private void fill() {
    CountDownLatch begun = new CountDownLatch(CallThreadPool.MAX_RUNNING);
    for (int i = 0; i < CallThreadPool.MAX_RUNNING; i++) {
      pool.submit(
          () -> {
            begun.countDown();
            await(release);
          },
          0);
    }
    await(begun);
  }

  @Test
  void partOfCallNeverWaitsForThread() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch elsewhere = new CountDownLatch(1);
    pool.execute(
        () -> {
          threads.add(Thread.currentThread());
          elsewhere.countDown();
        });
    await(elsewhere);
    assertThat(threads).doesNotContain(Thread.currentThread());
    fill();
    pool.execute(() -> threads.add(Thread.currentThread()));
    assertThat(threads).contains(Thread.currentThread());
    release.countDown();
  }

  @Test
  void consecutiveCallsReuseThreads() throws InterruptedException {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 200; i++) {
      assertThat(pool.awaitIdle(Duration.ofSeconds(30))).isTrue();
      CountDownLatch done = new CountDownLatch(1);
      pool.submit(
          () -> {
            threads.add(Thread.currentThread());
            done.countDown();
          },
          0);
      await(done);
    }
    assertThat(threads).hasSizeLessThan(100);
  }

  @Test
  void failedCallFreesItsThread() {
    List<Thread> failed = new ArrayList<>();
    for (int i = 0; i < CallThreadPool.MAX_RUNNING; i++) {
      pool.submit(
          () -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> note(failed, thread));
            throw new IllegalStateException("broken");
          },
          0);
    }
    fill();
    release.countDown();
    assertThat(failed).hasSize(CallThreadPool.MAX_RUNNING);
  }

  private static synchronized void note(List<Thread> failed, Thread thread) {
    failed.add(thread);
  }

  @Test
  void memoryOfRequestsIsBounded() throws InterruptedException {
    int half = (int) (CallThreadPool.MAX_CHARACTERS / 2);
    pool.submit(() -> await(release), half);
    pool.submit(() -> {}, half);
    submitWhenThereIsRoom(() -> await(release), half); // a call that has ended does not count
    assertThatThrownBy(() -> pool.submit(() -> {}, 1))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("too large in total");
    release.countDown();
    assertThat(pool.awaitIdle(Duration.ofSeconds(30))).isTrue();
    pool.submit(() -> {}, 2 * half);
  }

  /** A call is counted until shortly after its end. */
  private void submitWhenThereIsRoom(Runnable call, int characters) throws InterruptedException {
    long limit = System.nanoTime() + SECONDS.toNanos(30);
    while (true) {
      try {
        pool.submit(call, characters);
        return;
      } catch (RejectedExecutionException e) {
        assertThat(System.nanoTime()).as(e.getMessage()).isLessThan(limit);
        Thread.sleep(1);
      }
    }
  }

  @Test
  void removedCallLeavesTheQueue() throws InterruptedException {
    AtomicInteger run = new AtomicInteger();
    fill();
    for (int i = 0; i < CallThreadPool.MAX_QUEUED; i++) {
      pool.submit(run::incrementAndGet, 1).run();
    }
    pool.submit(run::incrementAndGet, (int) CallThreadPool.MAX_CHARACTERS);
    release.countDown();
    assertThat(pool.awaitIdle(Duration.ofSeconds(30))).isTrue();
    assertThat(run.get()).isEqualTo(1);
  }

  @Test
  void queueIsBounded() {
    fill();
    for (int i = 0; i < CallThreadPool.MAX_QUEUED; i++) {
      pool.submit(() -> {}, 0);
    }
    assertThatThrownBy(() -> pool.submit(() -> {}, 0))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("10000 calls are already queued");
    release.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
