package dev.clerkmcp.transport;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading goes on whatever is worked on, one thread at a time and in order. */
@Timeout(30)
@ParameterizedClass
@ValueSource(booleans = {true, false})
final class CrewTest {
  /** Whether it is seen that there is more to read. */
  @Parameter private boolean known;

  private final Queue<Runnable> lines = new ArrayDeque<>(); // unsafe, as a reader's buffer is
  private final Crew crew = new Lines();

  private final class Lines extends Crew {
    @Override
    boolean readNext() {
      Runnable line = lines.poll();
      if (line != null) {
        line.run();
      }
      return line != null;
    }

    @Override
    boolean hasMore() {
      return known && !lines.isEmpty();
    }
  }

  @Test
  void everyLineIsReadOnceAndInOrder() throws InterruptedException {
    List<Integer> read = Collections.synchronizedList(new ArrayList<>());
    Queue<Integer> done = new ConcurrentLinkedQueue<>();
    CountDownLatch all = new CountDownLatch(1000);
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int number = i;
      numbers.add(number);
      lines.add(
          () -> {
            read.add(number);
            crew.execute(
                () -> {
                  done.add(number);
                  all.countDown();
                });
          });
    }
    crew.read();
    assertThat(read).isEqualTo(numbers);
    assertThat(all.await(10, SECONDS)).isTrue();
    assertThat(done).containsExactlyInAnyOrderElementsOf(numbers);
  }

  @Test
  void workThatNeverEndsHoldsUpNothing() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(50);
    for (int i = 0; i < 50; i++) {
      lines.add(
          () ->
              crew.execute(
                  () -> {
                    begun.countDown();
                    wait(never);
                  }));
    }
    crew.read();
    assertThat(begun.await(10, SECONDS)).isTrue();
    never.countDown();
  }

  @Test
  void allThatOneLineBeginsIsDoneAtOnce() throws InterruptedException {
    CountDownLatch together = new CountDownLatch(3);
    CountDownLatch done = new CountDownLatch(3);
    Runnable work =
        () -> {
          together.countDown();
          wait(together);
          done.countDown();
        };
    lines.add(() -> {});
    lines.add(
        () -> {
          crew.execute(work);
          crew.execute(work);
          crew.execute(work);
        });
    crew.read();
    assertThat(done.await(10, SECONDS)).isTrue();
  }

  @Test
  void workIsDoneByTheThreadThatReadIt() throws InterruptedException {
    Set<Thread> elsewhere = ConcurrentHashMap.newKeySet();
    CountDownLatch done = new CountDownLatch(100);
    for (int i = 0; i < 100; i++) {
      boolean first = i == 0; // that is read by the thread which has to wait for the end
      lines.add(
          () -> {
            Thread reader = Thread.currentThread();
            crew.execute(
                () -> {
                  if (!first && Thread.currentThread() != reader) {
                    elsewhere.add(Thread.currentThread());
                  }
                  done.countDown();
                });
          });
    }
    crew.read();
    assertThat(done.await(10, SECONDS)).isTrue();
    assertThat(elsewhere).isEmpty();
  }

  @Test
  void longWorkIsRelievedAfterQuietTimesToo() throws InterruptedException {
    CountDownLatch last = new CountDownLatch(1);
    lines.add(() -> crew.execute(() -> {}));
    lines.add(() -> sleep(1500)); // as if nothing came; then nobody looks any more
    for (int i = 0; i < 3; i++) {
      lines.add(() -> crew.execute(() -> wait(last)));
    }
    lines.add(() -> crew.execute(last::countDown));
    crew.read();
    assertThat(last.await(10, SECONDS)).isTrue();
  }

  @Test
  void failureToReadIsToldAtOnce() {
    lines.add(
        () -> {
          throw new IllegalStateException("broken");
        });
    assertThatIllegalStateException().isThrownBy(crew::read).withMessage("broken");
  }

  private static void sleep(long millis) {
    try {
      MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void wait(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
