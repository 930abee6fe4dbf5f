package dev.clerkmcp.clerk.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how role keys are compared, and which roles manage members. */
final class OrganizationRoleTest {
  @ParameterizedTest
  @CsvSource({
    "org:admin, org:admin",
    "admin, org:admin",
    "' admin ', org:admin",
    "billing, org:billing",
    "org:billing, org:billing",
    "'', ''"
  })
  void shortFormEqualsTheFullKey(String written, String key) {
    assertThat(OrganizationRole.of(written).key()).isEqualTo(key);
  }

  @Test
  void otherKeysAreOtherRoles() {
    assertThat(OrganizationRole.of("admins")).isNotEqualTo(OrganizationRole.ADMIN);
    assertThat(OrganizationRole.of("Admin")).isNotEqualTo(OrganizationRole.ADMIN);
    assertThat(OrganizationRole.in(Json.object()).key()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'role':'org:admin'}                                                      | true",
        "{'role':'admin','permissions':[]}                                         | true",
        "{'role':'org:member','permissions':['org:sys_memberships:read']}          | false",
        "{'role':'org:owner','permissions':['x','org:sys_memberships:manage']}     | true",
        "{'role':'org:owner','permissions':[{'key':'org:sys_memberships:manage'}]} | true",
        "{}                                                                        | false"
      })
  void adminsAndRolesWithThePermissionManageMembers(String membership, boolean manages)
      throws IOException {
    JsonNode json = Json.read(membership.replace('\'', '"'));
    assertThat(OrganizationRole.managesMembers(json)).isEqualTo(manages);
  }
}
