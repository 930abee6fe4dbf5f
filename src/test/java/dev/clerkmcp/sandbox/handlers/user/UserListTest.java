package dev.clerkmcp.sandbox.handlers.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every filter and order of the list of users, and its cursor. */
final class UserListTest {
  private final SandboxCalls clerk = SandboxCalls.empty();
  private String ada = "";
  private String bob = "";
  private String organization = "";

  /** Ada, Bob and Cyd, created in this order. */
  @BeforeEach
  void createUsers() {
    ada =
        create(
            "{'username':'adah','email_address':['ada@example.com','lovelace@example.org'],"
                + "'first_name':'Ada','last_name':'Lovelace','external_id':'crm-1'}");
    bob =
        create(
            "{'username':'Bobb','email_address':['bob@example.com'],'phone_number':['+15550100002'],"
                + "'web3_wallet':['0x0000000000000000000000000000000000000B0B'],'external_id':'crm-2','first_name':'bob'}");
    create("{'username':'cydr','email_address':['cyd@example.com'],'last_name':'Ärlig'}");
    clerk.ok("POST /users/" + bob + "/ban");
    clerk.store().table(ObjectKind.USER).change(ada, UserListTest::signIn);
    organization =
        clerk
            .ok("POST /organizations", "{'name':'Acme','created_by':'%s'}".formatted(ada))
            .path("id")
            .asText();
  }

  @ParameterizedTest
  @CsvSource({
    "email_address=ADA@example.com, adah",
    "email_address=lovelace@example.org, adah",
    "email_address=ada@example.com&email_address=cyd@example.com&email_address=no@example.com, cydr adah",
    "phone_number=%2B15550100002, Bobb",
    "web3_wallet=0x0000000000000000000000000000000000000b0b, Bobb",
    "username=bobb&username=ADAH, Bobb adah",
    "external_id=crm-1, adah",
    "external_id=%2Bcrm-1, adah",
    "external_id=+crm-1, adah",
    "external_id=-crm-1, cydr Bobb",
    "user_id=-ADA_ID, cydr Bobb",
    "user_id=ADA_ID, adah",
    "organization_id=ORG_ID, adah",
    "organization_id=-ORG_ID, cydr Bobb",
    "query=LOVELACE, adah",
    "query=ada lovelace, adah",
    "query=0100002, Bobb",
    "query=ADA_ID, adah",
    "email_address_query=EXAMPLE.ORG, adah",
    "phone_number_query=555, Bobb",
    "username_query=OBB, Bobb",
    "name_query=ärl, cydr",
    "banned=true, Bobb",
    "banned=false, cydr adah",
    "last_sign_in_at_after=1000, adah",
    "last_sign_in_at_after=3000, ''",
    "last_sign_in_at_before=3000, adah",
    "last_active_at_after=1500, adah",
    "last_active_at_before=1500, ''",
    "last_active_at_since=2000, adah",
    "created_at_before=1000, ''",
    "created_at_after=1000, cydr Bobb adah",
    "banned=false&query=example, cydr adah",
    "unknown_parameter=1, cydr Bobb adah",
    "limit=2, cydr Bobb",
    "limit=2&offset=2, adah",
    "limit=2&offset=4294967294, ''",
    "limit=2&offset=99999999999, ''",
    "limit=501, cydr Bobb adah",
    "limit=0, cydr Bobb adah",
  })
  void filterFindsUsers(String query, String usernames) {
    String filled = query.replace("ADA_ID", ada).replace("ORG_ID", organization);
    List<String> expected = usernames.isEmpty() ? List.of() : List.of(usernames.split(" ", -1));
    assertThat(usernames(filled)).isEqualTo(expected);
    if (!query.contains("limit")) {
      assertThat(clerk.ok("GET /users/count?" + filled).path("total_count").asInt())
          .isEqualTo(expected.size());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "created_at, adah Bobb cydr",
    "%2Bcreated_at, adah Bobb cydr",
    "-created_at, cydr Bobb adah",
    "username, adah Bobb cydr",
    "-username, cydr Bobb adah",
    "email_address, adah Bobb cydr",
    "first_name, adah Bobb cydr",
    "-first_name, Bobb adah cydr",
    "last_name, adah cydr Bobb",
    "phone_number, Bobb adah cydr",
    "web3wallet, Bobb adah cydr",
    "-last_sign_in_at, adah cydr Bobb",
    "last_active_at, adah Bobb cydr",
    "updated_at, cydr adah Bobb",
  })
  void orderIsKept(String order, String usernames) {
    assertThat(usernames("order_by=" + order)).isEqualTo(List.of(usernames.split(" ", -1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"created_at", "-created_at"})
  void cursorReadsAllPages(String order) {
    List<String> walked = new ArrayList<>();
    String cursor = "";
    for (int page = 0; page < 3; page++) {
      JsonNode rows = clerk.ok("GET /users?limit=1&order_by=" + order + cursor);
      walked.add(rows.at("/0/username").asText());
      cursor = "&starting_after=" + rows.at("/0/id").asText();
    }
    assertThat(clerk.ok("GET /users?limit=1&order_by=" + order + cursor)).isEmpty();
    assertThat(walked).isEqualTo(usernames("order_by=" + order));
  }

  @ParameterizedTest
  @CsvSource({
    "starting_after=ADA_ID&offset=1, 422 form_param_value_invalid starting_after",
    "starting_after=ADA_ID&order_by=username, 422 form_param_value_invalid starting_after",
    "starting_after=user_nobody, 422 form_resource_not_found starting_after",
    "order_by=colour, 422 form_param_value_invalid order_by",
    "limit=many, 422 form_param_type_invalid limit",
    "offset=-1, 422 form_param_value_invalid offset",
    "banned=perhaps, 422 form_param_type_invalid banned",
    "provider=oauth_google, 422 form_param_missing provider_user_id",
    "provider_user_id=7, 422 form_param_missing provider",
  })
  void rejectsInvalidQueries(String query, String error) {
    assertThat(clerk.call("GET", "/users?" + query.replace("ADA_ID", ada)).error())
        .isEqualTo(error);
  }

  @Test
  void rejectsMoreThanHundredValues() {
    String query = "user_id=x&".repeat(101);
    assertThat(clerk.call("GET", "/users?" + query).error())
        .isEqualTo("422 form_param_array_size_exceeded user_id");
  }

  @Test
  void accountOfProviderIsFound() {
    clerk
        .store()
        .table(ObjectKind.USER)
        .change(
            ada,
            user ->
                user.withArrayProperty("external_accounts")
                    .addObject()
                    .put("provider", "oauth_google")
                    .put("provider_user_id", "7"));
    assertThat(usernames("provider=oauth_google&provider_user_id=7")).containsExactly("adah");
    assertThat(usernames("provider=oauth_github&provider_user_id=7")).isEmpty();
  }

  private static void signIn(ObjectNode user) {
    user.put("last_sign_in_at", 2000).put("last_active_at", 2000);
  }

  private List<String> usernames(String query) {
    List<String> names = new ArrayList<>();
    clerk.ok("GET /users?" + query).forEach(user -> names.add(user.path("username").asText()));
    return names;
  }

  private String create(String body) {
    return clerk.ok("POST /users", body).path("id").asText();
  }
}
