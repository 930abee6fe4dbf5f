package dev.clerkmcp.interceptor.undo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.ExampleArguments;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.DeclaredOperations;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Tests which calls undo a change, and which losses remain. */
final class UndoPlannerTest {
  private static final ToolRegistry REGISTRY =
      ToolModule.registry(FakeClerk.answering("{}").client());
  private static final UndoPlanner PLAN =
      new UndoPlanner(REGISTRY.tools(), DeclaredOperations.all());

  static final List<ToolDefinition> CHANGING =
      REGISTRY.tools().stream()
          .filter(tool -> tool.endpoint() != null && !tool.effect().readOnly())
          .toList();

  @ParameterizedTest
  @FieldSource("CHANGING")
  void everyChangeHasCallsOrReason(ToolDefinition tool) throws IOException {
    ObjectNode arguments = ExampleArguments.all(tool.arguments().fullSchema());
    arguments.remove(List.of("dry_run", "confirmation"));
    Endpoint endpoint = Objects.requireNonNull(tool.endpoint());
    ObjectNode other = Json.object();
    arguments
        .properties()
        .forEach(argument -> other.set(argument.getKey(), other(argument.getValue())));
    other.put("id", "obj_1");
    JsonNode answer = Json.object().put("id", "obj_2");
    for (@Nullable JsonNode before :
        new @Nullable JsonNode[] {null, other, Json.object(), Json.array().add(other)}) {
      UndoPlan restoration =
          PLAN.of(List.of(new Change(tool.name(), endpoint, arguments, before, answer)));
      assertThat(restoration.calls().size() + restoration.lost().size())
          .as("%s before %s", tool.name(), before)
          .isPositive();
      assertThat(restoration.lost()).allSatisfy(UndoPlannerTest::assertSentence);
      assertThat(restoration.warnings()).allSatisfy(UndoPlannerTest::assertSentence);
      assertThat(restoration.calls()).allSatisfy(UndoPlannerTest::assertCallable);
    }
  }

  private static JsonNode other(JsonNode value) {
    ArrayNode other = Json.array();
    switch (value.getNodeType()) {
      case BOOLEAN -> other.add(!value.booleanValue());
      case NUMBER -> other.add(value.longValue() + 1);
      case STRING -> other.add(value.textValue() + "x");
      case ARRAY -> other.add(Json.array().add(other(value.path(0))));
      default -> other.add(Json.object().put("other", "x"));
    }
    return other.get(0);
  }

  private static void assertSentence(String text) {
    assertThat(text).matches("[A-Za-z].*[.]");
  }

  private static void assertCallable(UndoPlan.Step step) {
    ToolDefinition tool = Objects.requireNonNull(REGISTRY.find(step.tool()), step.tool());
    for (JsonNode cleared : step.arguments().path("clear")) {
      assertThat(tool.toArgument(cleared.asText(), NullNode.getInstance()))
          .as("%s", step)
          .isEqualTo(NullNode.getInstance());
    }
    for (Map.Entry<String, JsonNode> argument :
        step.arguments().deepCopy().without("clear").properties()) {
      assertThat(tool.argumentNames()).contains(argument.getKey());
      assertThat(tool.toArgument(argument.getKey(), argument.getValue()))
          .as("%s", step)
          .isNotNull();
    }
    assertThat(step.arguments().fieldNames()).toIterable().containsAll(tool.requiredNames());
    assertSentence(step.why());
  }

  /** The request, the former state, Clerk's answer, and the calls that undo the change. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      nullValues = "?",
      textBlock =
          """
          PATCH /users/{user_id} | {'user_id':'u','first_name':'B','last_name':'L'} | {'first_name':'A','last_name':'L'} | ? | clerk_user_update {'user_id':'u','first_name':'A'}
          PATCH /users/{user_id} | {'user_id':'u','username':'b'} | {'username':null} | ? | clerk_user_update {'user_id':'u','clear':['username']}
          PATCH /users/{user_id} | {'user_id':'u','created_at':'2020-01-01T00:00:00Z'} | {'created_at':1767225600000} | ? | clerk_user_update {'user_id':'u','created_at':'2026-01-01T00:00:00Z'}
          PATCH /users/{user_id}/metadata | {'user_id':'u','public_metadata':{'a':{'b':1,'c':null},'d':2}} | {'public_metadata':{'a':{'c':[3],'e':4}}} | ? | clerk_user_metadata_update {'user_id':'u','public_metadata':{'a':{'b':null,'c':[3]},'d':null}}
          PUT /users/{user_id}/metadata | {'user_id':'u','public_metadata':{'d':2}} | {'public_metadata':{'a':1},'private_metadata':{'z':1}} | ? | clerk_user_metadata_replace {'user_id':'u','public_metadata':{'a':1}}
          PATCH /organizations/{organization_id} | {'organization_id':'o','name':'B'} | {'name':'A'} | ? | clerk_organization_update {'organization_id':'o','name':'A'}
          PATCH /organizations/{organization_id}/memberships/{user_id} | {'organization_id':'o','user_id':'u','role':'org:admin'} | {'role':'org:member'} | ? | clerk_org_membership_update {'organization_id':'o','user_id':'u','role':'org:member'}
          DELETE /organizations/{organization_id}/memberships/{user_id} | {'organization_id':'o','user_id':'u'} | {'id':'m','role':'org:member','public_metadata':{'a':1},'private_metadata':{}} | ? | clerk_org_membership_create {'organization_id':'o','user_id':'u','role':'org:member','public_metadata':{'a':1}}
          POST /organizations/{organization_id}/memberships | {'organization_id':'o','user_id':'u','role':'org:member'} | ? | {'id':'m'} | clerk_org_membership_delete {'organization_id':'o','user_id':'u'}
          POST /users/{user_id}/ban | {'user_id':'u'} | {'banned':false} | ? | clerk_user_unban {'user_id':'u'}
          POST /users/{user_id}/ban | {'user_id':'u'} | {'banned':true} | ? | nothing
          POST /users/{user_id}/unlock | {'user_id':'u'} | {'locked':true} | ? | clerk_user_lock {'user_id':'u'}
          POST /users/ban | {'user_ids':['a','b','c']} | [{'id':'a','banned':true},{'id':'b','banned':false}] | ? | clerk_user_unban_bulk {'user_ids':['b','c']}
          POST /users | {'email_address':['a@b.example']} | ? | {'id':'u'} | clerk_user_delete {'user_id':'u'}
          POST /sign_in_tokens | {'user_id':'u'} | ? | {'id':'t','user_id':'u'} | clerk_sign_in_token_revoke {'sign_in_token_id':'t'}
          POST /agents/tasks | {'agent_name':'a'} | ? | {'agent_id':'x','agent_task_id':'t'} | clerk_agent_task_revoke {'agent_task_id':'t'}
          POST /invitations/bulk | {'invitations':[]} | ? | [{'id':'a'},{'id':'b'}] | clerk_invitation_revoke {'invitation_id':'a'}; clerk_invitation_revoke {'invitation_id':'b'}
          POST /organizations/{organization_id}/invitations/bulk | {'organization_id':'o','invitations':[]} | ? | {'data':[{'id':'a'}]} | clerk_org_invitation_revoke {'organization_id':'o','invitation_id':'a'}
          POST /organization_roles/{organization_role_id}/permissions/{permission_id} | {'organization_role_id':'r','permission_id':'p'} | ? | ? | clerk_org_role_permission_remove {'organization_role_id':'r','permission_id':'p'}
          DELETE /machines/{machine_id}/scopes/{other_machine_id} | {'machine_id':'m','other_machine_id':'n'} | ? | ? | clerk_machine_scope_create {'machine_id':'m','to_machine_id':'n'}
          DELETE /blocklist_identifiers/{identifier_id} | {'identifier_id':'b'} | {'id':'b','identifier':'*@b.example'} | ? | clerk_blocklist_create {'identifier':'*@b.example'}
          DELETE /waitlist_entries/{waitlist_entry_id} | {'waitlist_entry_id':'w'} | {'id':'w','email_address':'a@b.example'} | ? | clerk_waitlist_entry_create {'email_address':'a@b.example','notify':false}
          DELETE /machines/{machine_id} | {'machine_id':'m'} | {'id':'m','name':'M','default_token_ttl':60,'scoped_machines':[{'id':'n'}]} | ? | clerk_machine_create {'name':'M','scoped_machines':['n'],'default_token_ttl':60}
          DELETE /users/{user_id} | {'user_id':'u'} | {'id':'u','primary_email_address_id':'2','email_addresses':[{'id':'1','email_address':'one','verification':null},{'id':'2','email_address':'two','verification':{'status':'verified'}}],'first_name':'A','legal_accepted_at':0,'username':null} | ? | clerk_user_create {'email_address':['two'],'email_address_identification_status':['verified'],'first_name':'A','legal_accepted_at':'1970-01-01T00:00:00Z','skip_password_requirement':true,'skip_user_requirement':true}; clerk_email_address_create {'user_id':'two','email_address':'one','verified':false}
          PUT /users/{user_id}/email_address | {'user_id':'u','email_address':'new'} | {'email_addresses':[{'id':'1','email_address':'one','verification':{'status':'verified'}},{'id':'2','email_address':'two','verification':null}]} | ? | clerk_user_email_address_replace {'user_id':'u','email_address':'one','identification_status':'verified'}; clerk_email_address_create {'user_id':'u','email_address':'two','verified':false}
          PUT /organizations/{organization_id}/logo | {'organization_id':'o','file':'a.png'} | {'has_image':false} | ? | clerk_organization_logo_delete {'organization_id':'o'}
          PATCH /role_sets/{role_set_key_or_id} | {'role_set_key_or_id':'role_set:a','key':'role_set:b'} | {'id':'rs','key':'role_set:a'} | ? | clerk_role_set_update {'role_set_key_or_id':'rs','key':'role_set:a'}
          PUT /directories/{directory_id}/group_role_mappings | {'directory_id':'d','mappings':[]} | [{'directory_group_id':'g','scim_group_id':'g','role':{'id':'r'},'precedence':2},{'scim_group_id':'h','role':{'id':'s'},'precedence':1}] | ? | clerk_directory_role_mapping_replace {'directory_id':'d','mappings':[{'scim_group_id':'h','role_id':'s'},{'directory_group_id':'g','role_id':'r'}]}
          PATCH /directories/{directory_id} | {'directory_id':'d','attribute_mapping':{'a':'x','b':null}} | {'attribute_mapping':{'b':'y','c':'z'}} | ? | clerk_directory_update {'directory_id':'d','attribute_mapping':{'a':null,'b':'y'}}
          PATCH /enterprise_connections/{enterprise_connection_id} | {'enterprise_connection_id':'e','saml':{'idp_entity_id':'n'}} | {'saml_connection':{'id':'x','idp_entity_id':'o','force_authn':true}} | ? | clerk_enterprise_connection_update {'enterprise_connection_id':'e','saml':{'idp_entity_id':'o','force_authn':true}}
          """)
  void changeIsUndoneByTheseCalls(
      String route,
      String arguments,
      @Nullable String before,
      @Nullable String answer,
      String expected)
      throws IOException {
    UndoPlan restoration = PLAN.of(List.of(change(route, arguments, before, answer)));
    String calls =
        restoration.calls().stream()
            .map(step -> step.tool() + " " + step.arguments())
            .collect(Collectors.joining("; "));
    assertThat(calls.replace('"', '\'')).isEqualTo(expected.replace("nothing", ""));
    assertThat(restoration.calls()).allSatisfy(UndoPlannerTest::assertCallable);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      nullValues = "?",
      textBlock =
          """
          PATCH /users/{user_id} | {'user_id':'u','password':'longenough'} | {'password_enabled':true} | Clerk does not return the previous value of password.
          PATCH /users/{user_id} | {'user_id':'u','first_name':'B'} | ? | It is not recorded what first_name was before.
          PATCH /machines/{machine_id} | {'machine_id':'m','name':'B'} | {'name':null} | name was empty, and nothing empties it again.
          PATCH /enterprise_connections/{enterprise_connection_id} | {'enterprise_connection_id':'e','oidc':{'client_secret':'new'}} | {'oauth_config':{'client_secret':'sk_...3f9a'}} | oidc.client_secret was a secret, of which only the fingerprint was kept.
          PATCH /users/{user_id}/metadata | {'user_id':'u','private_metadata':{'token':'x'}} | {'private_metadata':{'token':'...0a1b'}} | A part of private_metadata was a secret, of which only the fingerprint was kept.
          PATCH /jwt_templates/{template_id} | {'template_id':'t','custom_signing_key':false} | {'custom_signing_key':true} | Clerk does not return the previous value of custom_signing_key.
          POST /sessions/{session_id}/revoke | {'session_id':'s'} | {'status':'active'} | An ended session cannot be resumed
          DELETE /users/{user_id}/mfa | {'user_id':'u'} | {'two_factor_enabled':true} | Only the user can set it up again.
          POST /machines/{machine_id}/secret_key/rotate | {'machine_id':'m','previous_token_ttl':0} | ? | The previous secret is gone
          POST /users/{user_id}/profile_image | {'user_id':'u','file':'a.png'} | {'has_image':true} | Clerk does not give back an image
          DELETE /users/{user_id} | {'user_id':'u'} | ? | its fields are not recorded
          POST /users | {'first_name':'A'} | ? | The ID of the new object was not recorded
          """)
  void planNamesWhatCannotBeRestored(
      String route, String arguments, @Nullable String before, String reason) throws IOException {
    UndoPlan restoration = PLAN.of(List.of(change(route, arguments, before, null)));
    assertThat(restoration.calls()).isEmpty();
    assertThat(String.join("\n", restoration.lost())).contains(reason);
  }

  @Test
  void recreatedObjectHasNoSecrets() throws IOException {
    Change change =
        change(
            "DELETE /users/{user_id}",
            "{'user_id':'u'}",
            "{'id':'u','first_name':'A','private_metadata':{'a':1,'list':['...0a1b'],'token':'sk_...3f9a'},'external_id':'...'}",
            null);
    UndoPlan restoration = PLAN.of(List.of(change));
    assertThat(restoration.calls().get(0).arguments().path("private_metadata"))
        .hasToString("{\"a\":1}");
    assertThat(restoration.calls().toString()).doesNotContain("...");
    assertThat(restoration.lost())
        .contains(
            "external_id was a secret, of which only the fingerprint was kept.",
            "A part of private_metadata was a secret, of which only the fingerprint was kept.");
  }

  /** Recorded values can be merged again; the keys that were added are unknown. */
  @Test
  void unrecordedKeysAreReportedAsLost() throws IOException {
    Change change =
        change(
            "PATCH /users/{user_id}/metadata",
            "{'user_id':'u','private_metadata':'...0a1b'}",
            "{'private_metadata':{'a':1}}",
            null);
    UndoPlan restoration = PLAN.of(List.of(change));
    assertThat(restoration.calls().get(0).arguments())
        .hasToString("{\"user_id\":\"u\",\"private_metadata\":{\"a\":1}}");
    assertThat(restoration.lost())
        .containsExactly(
            "It is not recorded which keys were added to private_metadata; they stay.");
  }

  @Test
  void ineffectiveChangeNeedsNoCalls() throws IOException {
    Change change =
        change(
            "PATCH /users/{user_id}",
            "{'user_id':'u','first_name':'A'}",
            "{'first_name':'A'}",
            null);
    assertThat(PLAN.of(List.of(change)))
        .isEqualTo(
            new UndoPlan(
                List.of(),
                List.of("The call changed nothing, as far as Clerk's responses show."),
                List.of()));
  }

  /** An audit log may be older than the server. */
  @Test
  void unknownOperationIsNotUndone() throws IOException {
    assertThat(PLAN.of(List.of(change("POST /former/{id}", "{'id':'x'}", null, null))).lost())
        .containsExactly("No undo is known for POST /former/{id}.");
  }

  /** Called through discovery, so that the tool is found by its request. */
  private static Change change(
      String route, String arguments, @Nullable String before, @Nullable String answer)
      throws IOException {
    String method = route.substring(0, route.indexOf(' '));
    boolean composed = method.equals("PATCH") && route.startsWith("PATCH /users");
    return new Change(
        composed ? "clerk_update_user" : "clerk_tools_write",
        Endpoint.parse(route),
        (ObjectNode) Objects.requireNonNull(json(arguments)),
        json(before),
        json(answer));
  }

  private static @Nullable JsonNode json(@Nullable String text) throws IOException {
    return text == null ? null : Json.read(text.replace('\'', '"'));
  }
}
