package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LazyTest {
  private final AtomicInteger computed = new AtomicInteger();

  @Test
  void manyThreadsComputeTheValueOnce() throws InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    Lazy<Integer> lazy =
        new Lazy<>(
            () -> {
              LockSupport.parkNanos(1_000_000); // so that the other threads arrive meanwhile
              return computed.incrementAndGet();
            });
    List<Thread> threads =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    new Thread(
                        () -> {
                          try {
                            start.await();
                          } catch (InterruptedException e) {
                            return;
                          }
                          int unused = lazy.get();
                        }))
            .toList();
    threads.forEach(Thread::start);
    assertThat(computed).hasValue(0);
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(lazy.get()).isEqualTo(1);
    assertThat(computed).hasValue(1);
  }

  @Test
  void failureIsNotCached() {
    Lazy<Integer> lazy =
        new Lazy<>(
            () -> {
              if (computed.incrementAndGet() == 1) {
                throw new IllegalStateException("at first");
              }
              return computed.get();
            });
    assertThatIllegalStateException().isThrownBy(lazy::get).withMessage("at first");
    assertThat(lazy.get()).isEqualTo(2);
  }
}
