package dev.clerkmcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.registry.Caller.Answer;
import dev.clerkmcp.registry.Caller.Consent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TerminalCallerTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(shown, true, StandardCharsets.UTF_8);

  @ParameterizedTest
  @CsvSource({
    "yes,ACCEPTED",
    "' Yes ',ACCEPTED",
    "y,ACCEPTED",
    "Y,ACCEPTED",
    "yess,DECLINED",
    "no,DECLINED",
    "'',DECLINED",
    ",CANCELLED"
  })
  void onlyYesOrYCountsAsYes(String typed, Answer answer) {
    TerminalCaller caller = new TerminalCaller(err, () -> typed, Consent.NONE);
    assertThat(caller.canAsk()).isTrue();
    assertThat(caller.ask("Delete user?").join()).isEqualTo(answer);
    assertThat(shown.toString(StandardCharsets.UTF_8)).contains("Delete user?", "yes");
  }

  @Test
  void withoutTerminalNoQuestionIsAsked() {
    TerminalCaller caller = new TerminalCaller(err, null, Consent.NONE);
    assertThat(caller.canAsk()).isFalse();
    assertThat(caller.ask("Delete user?").join()).isEqualTo(Answer.FAILED);
    assertThat(shown.size()).isZero();
  }
}
