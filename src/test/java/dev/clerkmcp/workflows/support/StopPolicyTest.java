package dev.clerkmcp.workflows.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.clerk.Cancellation;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.workflows.support.StopPolicy.Reach;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which of Clerk's errors stop a batch and which affect one item. */
final class StopPolicyTest {
  @ParameterizedTest
  @CsvSource({
    "0, no_answer, JOB",
    "400, duplicate_record, ITEM",
    "401, clerk_key_invalid, JOB",
    "402, payment_required, OPERATION",
    "403, feature_not_enabled, OPERATION",
    "403, organization_membership_quota_exceeded, ITEM",
    "403, already_a_member_in_organization, ITEM",
    "403, organization_minimum_permissions_needed, ITEM",
    "403, not_a_member_in_organization, ITEM",
    "403, organization_not_enabled_in_instance, OPERATION",
    "403, managed_by_directory, ITEM",
    "404, resource_not_found, ITEM",
    "409, conflict, ITEM",
    "410, gone, OPERATION",
    "422, form_param_invalid, ITEM",
    "429, too_many_requests, JOB",
    "500, internal_clerk_error, ITEM"
  })
  void statusAndCodeDecide(int status, String code, Reach expected) {
    ClerkException refusal = refusal(status, code);
    assertThat(new StopPolicy().reach(refusal)).isEqualTo(expected);
    assertThat(StopPolicy.stopsJob(refusal)).isEqualTo(expected == Reach.JOB);
  }

  /** A code that does not say what it is about counts as the item's, once. */
  @ParameterizedTest
  @CsvSource({
    "managed_by_directory, managed_by_directory, OPERATION",
    "managed_by_directory, not_allowed, ITEM",
    "organization_minimum_permissions_needed, organization_minimum_permissions_needed, ITEM"
  })
  void secondItemWithTheSameCodeDecides(String first, String second, Reach expected) {
    StopPolicy policy = new StopPolicy();
    assertThat(policy.reach(refusal(403, first))).isEqualTo(Reach.ITEM);
    assertThat(policy.reach(refusal(403, second))).isEqualTo(expected);
  }

  private static ClerkException refusal(int status, String code) {
    FakeClerk clerk =
        FakeClerk.answering(
            request -> {
              if (status == 0) {
                throw new UncheckedIOException(new IOException("closed"));
              }
              return new FakeClerk.Answer(
                  status, "{\"errors\":[{\"code\":\"%s\",\"message\":\"no\"}]}".formatted(code));
            });
    return catchThrowableOfType(
        ClerkException.class,
        () ->
            clerk
                .client()
                .exchange(Endpoint.parse("POST /users"), Json.object(), new Cancellation()));
  }
}
