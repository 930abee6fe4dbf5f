package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the output does not depend on the locale of the computer. */
final class LocaleIT {
  private static final List<String> SESSION =
      List.of(
          "nonsense",
          ServerProcess.initialize("2025-11-25"),
          ServerProcess.request("1", "no/such", "{}"),
          ServerProcess.call("2", "clerk_users_list", "{\"limit\":2}"),
          ServerProcess.call("3", "clerk_user_get", "{\"user_id\":\"user_none\"}"),
          ServerProcess.call("4", "clerk_users_list", "{\"limit\":100000}"),
          ServerProcess.call("5", "clerk_growth_report", "{\"interval\":\"week\"}"),
          ServerProcess.call("6", "clerk_security_report", "{\"rows\":3}"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Duser.language=fa",
        "-Duser.language=ar",
        "-Duser.language=bn",
        "-Duser.language=ar -Duser.country=EG",
        "-Duser.language=tr",
        "-Duser.language=th -Duser.country=TH -Duser.variant=TH"
      })
  void responsesAreTheSameInEveryLocale(String options) {
    assertThat(answers(options)).isEqualTo(answers("-Duser.language=en"));
  }

  private static List<String> answers(String options) {
    try (ServerProcess server = ServerProcess.inSandbox("JDK_JAVA_OPTIONS", options)) {
      List<String> answers = new ArrayList<>();
      for (String line : SESSION) {
        server.send(line);
        answers.add(server.receiveLine());
      }
      return answers;
    }
  }
}
