package dev.clerkmcp.workflows.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.clerk.Cancellation;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which of Clerk's errors stop a batch and which affect one item. */
final class StopPolicyTest {
  @ParameterizedTest
  @CsvSource({
    "0, no_answer, STOP_JOB",
    "400, duplicate_record, GO_ON",
    "401, clerk_key_invalid, STOP_JOB",
    "402, payment_required, STOP_OPERATION",
    "403, feature_not_enabled, STOP_OPERATION",
    "403, organization_membership_quota_exceeded, GO_ON",
    "403, already_a_member_in_organization, GO_ON",
    "403, organization_minimum_permissions_needed, GO_ON",
    "403, not_a_member_in_organization, STOP_OPERATION",
    "404, resource_not_found, GO_ON",
    "409, conflict, GO_ON",
    "410, gone, STOP_OPERATION",
    "422, form_param_invalid, GO_ON",
    "429, too_many_requests, STOP_JOB",
    "500, internal_clerk_error, GO_ON"
  })
  void statusAndCodeDecide(int status, String code, StopPolicy expected) {
    FakeClerk clerk =
        FakeClerk.answering(
            request -> {
              if (status == 0) {
                throw new UncheckedIOException(new IOException("closed"));
              }
              return new FakeClerk.Answer(
                  status, "{\"errors\":[{\"code\":\"%s\",\"message\":\"no\"}]}".formatted(code));
            });
    ClerkException refusal =
        catchThrowableOfType(
            ClerkException.class,
            () ->
                clerk
                    .client()
                    .exchange(Endpoint.parse("POST /users"), Json.object(), new Cancellation()));
    assertThat(StopPolicy.of(refusal)).isEqualTo(expected);
    assertThat(StopPolicy.stops(refusal)).isEqualTo(expected != StopPolicy.GO_ON);
  }
}
