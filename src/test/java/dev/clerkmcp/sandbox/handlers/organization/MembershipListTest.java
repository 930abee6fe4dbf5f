package dev.clerkmcp.sandbox.handlers.organization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MembershipListTest {
  private static final String USER = "/public_user_data/user_id";

  private final OrganizationFixture fixture = new OrganizationFixture();
  private String path = "";

  /** Joined in another order than created. */
  @BeforeEach
  void people() {
    String acme = fixture.organization("Acme", "joan");
    path = "/organizations/%s/memberships".formatted(acme);
    fixture.member(acme, "ada", "org:member");
    fixture.member(acme, "grace", "org:admin");
    fixture.organization("Other", "elsewhere");
    fixture
        .calls
        .store()
        .table(ObjectKind.USER)
        .change(
            "user_ada",
            user -> {
              user.put("last_name", "Byron").put("last_active_at", 5000);
              user.put("primary_phone_number_id", "idn_p");
              ObjectNode phone = user.putArray("phone_numbers").addObject();
              phone.put("id", "idn_p").put("phone_number", "+15555550100");
              user.putArray("web3_wallets")
                  .addObject()
                  .put("web3_wallet", "0x0000000000000000000000000000000000000Abc");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                     | user_grace,user_ada,user_joan",
        "order_by=created_at                    | user_joan,user_ada,user_grace",
        "order_by=-created_at                   | user_grace,user_ada,user_joan",
        "order_by=email_address                 | user_ada,user_grace,user_joan",
        "order_by=-first_name                   | user_joan,user_grace,user_ada",
        "order_by=last_name                     | user_ada,user_grace,user_joan",
        "order_by=username                      | user_ada,user_grace,user_joan",
        "order_by=phone_number                  | user_ada,user_grace,user_joan",
        "user_id=user_ada&user_id=user_none     | user_ada",
        "user_id=-user_ada                      | user_grace,user_joan",
        "user_id=user_elsewhere                 | ''",
        "email_address=ADA@example.com          | user_ada",
        "email_address=x@example.com            | ''",
        "phone_number=%2B15555550100            | user_ada",
        "username=joan_l&username=grace_l       | user_grace,user_joan",
        "web3_wallet=0x0000000000000000000000000000000000000abc                      | user_ada",
        "role=org:admin                         | user_grace,user_joan",
        "role=org:member&role=org:none          | user_ada",
        "role=org:none                          | ''",
        "query=BYRON                            | user_ada",
        "query=user_gra                         | user_grace",
        "email_address_query=AN@exam            | user_joan",
        "phone_number_query=555                 | user_ada",
        "username_query=GRACE_                  | user_grace",
        "name_query=ada byron                   | user_ada",
        "last_active_at_after=4999              | user_ada",
        "last_active_at_before=5001             | user_ada",
        "last_active_at_before=5000             | ''",
        "created_at_after=0                     | user_grace,user_ada",
        "created_at_before=1000                 | user_joan",
        "role=org:admin&query=grace             | user_grace",
        "limit=1&offset=1                       | user_ada",
      })
  void findsMembersOfAnOrganization(String query, String users) {
    List<String> expected = users.isEmpty() ? List.of() : List.of(users.split(",", -1));
    assertThat(fixture.list(path + "?" + query.replace(" ", "%20"), USER))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void totalCountsAllPages() {
    JsonNode page = fixture.calls.ok("GET " + path + "?limit=2");
    assertThat(page.path("data")).hasSize(2);
    assertThat(page.path("total_count").asInt()).isEqualTo(3);
  }

  @Test
  void rejectsOtherOrdersAndUnknownOrganizations() {
    assertThat(fixture.calls.call("GET", path + "?order_by=last_active_at").error())
        .isEqualTo("422 form_param_value_invalid order_by");
    assertThat(fixture.calls.call("GET", "/organizations/org_none/memberships").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void listsAllInTheInstance() {
    assertThat(fixture.list("/organization_memberships", USER))
        .containsExactly("user_elsewhere", "user_grace", "user_ada", "user_joan");
    assertThat(fixture.list("/organization_memberships?order_by=first_name&limit=2", USER))
        .containsExactly("user_ada", "user_elsewhere");
    assertThat(fixture.calls.call("GET", "/organization_memberships?order_by=role").error())
        .isEqualTo("422 form_param_value_invalid order_by");
  }

  @Test
  void listsMembershipsOfAUser() {
    String third = fixture.organization("Third");
    fixture.calls.ok(
        "POST /organizations/%s/memberships".formatted(third),
        "{'user_id':'user_ada','role':'org:admin'}");

    assertThat(fixture.list("/users/user_ada/organization_memberships", "/organization/name"))
        .containsExactly("Third", "Acme");
    assertThat(
            fixture.list("/users/user_ada/organization_memberships?offset=1", "/organization/name"))
        .containsExactly("Acme");
    assertThat(fixture.calls.call("GET", "/users/user_none/organization_memberships").error())
        .isEqualTo("404 resource_not_found");
  }
}
