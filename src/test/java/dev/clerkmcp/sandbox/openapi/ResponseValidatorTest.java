package dev.clerkmcp.sandbox.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The validator finds every deviation, with the contract and with Clerk's own file. */
final class ResponseValidatorTest {
  private static final ApiContract CONTRACT = ApiContract.load();

  private static final String PHONE =
      """
      {"id":"idn_1","object":"phone_number","phone_number":"+12025550100","reserved":false,
       "verification":null,"linked_to":[],"created_at":1,"updated_at":1}
      """;

  private static final List<ResponseValidator> CHECKS = readChecks();

  static List<ResponseValidator> checks() {
    return CHECKS;
  }

  private static List<ResponseValidator> readChecks() {
    String yaml = System.getProperty("clerk.openapi", "");
    ResponseValidator own = ResponseValidator.ofContract(CONTRACT);
    try {
      return yaml.isEmpty()
          ? List.of(own)
          : List.of(own, ResponseValidator.ofOpenApi(Path.of(yaml)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("checks")
  void answerAsDocumentedPasses(ResponseValidator check) throws JsonProcessingException {
    assertThat(complaints(check, "GET /phone_numbers/{phone_number_id}", PHONE)).isEmpty();
    assertThat(complaints(check, "GET /clients", "[]")).isEmpty();
    assertThat(check.complaints(operation("DELETE /webhooks/svix"), false, nothing())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("checks")
  void reportsEveryDeviation(ResponseValidator check) throws JsonProcessingException {
    String route = "GET /phone_numbers/{phone_number_id}";
    assertThat(complaints(check, route, PHONE.replace("\"id\"", "\"x\"")))
        .singleElement()
        .asString()
        .contains("'x'");
    assertThat(complaints(check, route, PHONE.replace("false", "0"))).hasSize(1);
    assertThat(complaints(check, route, PHONE.replace("[]", "null"))).hasSize(1);
    assertThat(complaints(check, route, PHONE.replace("\"reserved\":false,", "")))
        .singleElement()
        .asString()
        .contains("'reserved'");
    assertThat(complaints(check, route, PHONE.replace("\"phone_number\",", "\"phone\",")))
        .isNotEmpty();
    assertThat(check.complaints(operation(route), false, nothing())).hasSize(1);
    assertThat(complaints(check, "DELETE /webhooks/svix", "{}")).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("checks")
  void acceptsPageInsteadOfArray(ResponseValidator check) throws JsonProcessingException {
    ApiOperation clients = operation("GET /clients");
    String page = "{\"data\":[],\"total_count\":0}";
    assertThat(check.complaints(clients, true, Json.read(page))).isEmpty();
    assertThat(check.complaints(clients, true, Json.read("[]"))).isNotEmpty();
    assertThat(check.complaints(clients, false, Json.read(page))).isNotEmpty();
  }

  private static List<String> complaints(ResponseValidator check, String route, String answer)
      throws JsonProcessingException {
    return check.complaints(operation(route), false, Json.read(answer));
  }

  private static ApiOperation operation(String route) {
    return CONTRACT.operation(route);
  }

  private static MissingNode nothing() {
    return MissingNode.getInstance();
  }
}
