package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.clerkmcp.clerk.Endpoint.Payload;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the parsing of routes. */
final class EndpointTest {
  @Test
  void routeIsParsed() {
    Endpoint endpoint =
        Endpoint.parse("PATCH /organizations/{organization_id}/memberships/{user_id}?d=e&a=b");
    assertThat(endpoint.method()).isEqualTo("PATCH");
    assertThat(endpoint.segments())
        .containsExactly("organizations", "{organization_id}", "memberships", "{user_id}");
    assertThat(endpoint.path()).isEqualTo("/organizations/{organization_id}/memberships/{user_id}");
    assertThat(endpoint.variables()).containsExactly("organization_id", "user_id");
    assertThat(endpoint.fixedQuery()).isEqualTo(Map.of("a", "b", "d", "e"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, true, true",
    "DELETE, true, true",
    "PUT, false, true",
    "PATCH, false, true",
    "POST, false, false",
  })
  void methodDecidesPayloadAndRepeatability(String method, boolean inQuery, boolean repeatable) {
    Endpoint endpoint = Endpoint.parse(method + " /users");
    assertThat(endpoint.payload())
        .isEqualTo(inQuery ? new Payload.Query(Set.of()) : new Payload.JsonObject());
    assertThat(endpoint.repeatable()).isEqualTo(repeatable);
  }

  @Test
  void withChangesOneProperty() {
    Endpoint parsed = Endpoint.parse("POST /users/ban?x=y");
    Endpoint changed = parsed.withPayload(new Payload.JsonValue("ids")).withRepeatable(true);
    assertThat(changed)
        .isEqualTo(
            new Endpoint(
                "POST",
                List.of("users", "ban"),
                Map.of("x", "y"),
                new Payload.JsonValue("ids"),
                true));
    assertThat(parsed).isEqualTo(Endpoint.parse("POST /users/ban?x=y"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET",
        "GET ",
        "GET /",
        "GET users",
        "GET /users/",
        "GET //users",
        "GET  /users",
        "get /users",
        "HEAD /users",
        "GET /Users",
        "GET /users/{}",
        "GET /users/{userId}",
        "GET /users/{user_id",
        "GET /users/x{user_id}",
        "GET /users/../organizations",
        "GET /users?",
        "GET /users ",
      })
  void invalidRouteIsRejected(String route) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.parse(route))
        .withMessage("Route '" + route + "' is not of the form METHOD /path/{variable}");
  }
}
