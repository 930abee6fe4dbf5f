package dev.clerkmcp.interceptor.undo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.clerk.Cancellation;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.NetworkSettings;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.DeclaredOperations;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.FaultInjector;
import dev.clerkmcp.sandbox.Sandbox;
import dev.clerkmcp.sandbox.SandboxSettings;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests in the sandbox that the calls of an undo plan restore the state before the change. */
final class UndoRoundTripTest {
  /** The fields in which a recreated object differs from the former one. */
  private static final List<String> ITS_OWN =
      List.of(
          "acs_url",
          "created_at",
          "expires_at",
          "id",
          "image_url",
          "last_active_at",
          "primary_email_address_id",
          "sp_entity_id",
          "sp_metadata_url",
          "url");

  private final ClerkClient clerk =
      ClerkClient.create(
          new ClerkClient.Settings(
              SecretKey.of(Sandbox.SECRET_KEY),
              Sandbox.BASE_URL,
              "test",
              Duration.ofMinutes(1),
              Duration.ofMillis(1),
              null,
              NetworkSettings.DIRECT),
          Sandbox.open(new SandboxSettings(1, 0, SandboxSettings.START, null, FaultInjector.none()))
              .interceptor());

  private final ToolRegistry registry = ToolModule.registry(clerk);
  private final Map<String, String> ids = new TreeMap<>();

  /**
   * The tool, its arguments, its route if the tool is a workflow, and the object or list to
   * compare.
   */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          clerk_user_update | {'user_id':'$user','first_name':'Eve','clear':['last_name'],'username':'eve9','external_id':'x1','created_at':'2020-01-01T00:00:00Z','create_organizations_limit':3} | PATCH /users/{user_id} | GET /users/{user_id}
          clerk_user_update | {'user_id':'$user','public_metadata':{'plan':{'name':'free','seats':9},'new':{'a':1}},'private_metadata':{'crm':null}} | PATCH /users/{user_id}/metadata | GET /users/{user_id}
          clerk_user_metadata_update | {'user_id':'$user','public_metadata':{'plan':'none','tags':['z'],'old':null},'unsafe_metadata':{'theme':{'dark':true}}} | | GET /users/{user_id}
          clerk_user_metadata_replace | {'user_id':'$user','public_metadata':{'other':1},'private_metadata':{}} | | GET /users/{user_id}
          clerk_user_ban | {'user_id':'$user'} | | GET /users/{user_id}
          clerk_user_lock | {'user_id':'$user'} | | GET /users/{user_id}
          clerk_user_ban_bulk | {'user_ids':['$user','$member','$banned']} | | GET /users
          clerk_user_unban_bulk | {'user_ids':['$user','$banned']} | | GET /users
          clerk_user_create | {'email_address':['new@example.com'],'skip_password_requirement':true} | | GET /users
          clerk_organization_update | {'organization_id':'$organization','name':'Another','slug':'another','max_allowed_memberships':9,'admin_delete_enabled':false} | PATCH /organizations/{organization_id} | GET /organizations/{organization_id}
          clerk_organization_metadata_update | {'organization_id':'$organization','public_metadata':{'a':{'b':2}}} | | GET /organizations/{organization_id}
          clerk_org_membership_update | {'organization_id':'$organization','user_id':'$member','role':'org:admin'} | | GET /organizations/{organization_id}/memberships
          clerk_org_membership_metadata_update | {'organization_id':'$organization','user_id':'$member','public_metadata':{'team':null,'desk':4}} | | GET /organizations/{organization_id}/memberships
          clerk_org_membership_delete | {'organization_id':'$organization','user_id':'$member'} | | GET /organizations/{organization_id}/memberships
          clerk_org_membership_create | {'organization_id':'$organization','user_id':'$banned','role':'org:member'} | | GET /organizations/{organization_id}/memberships
          clerk_org_domain_create | {'organization_id':'$organization','name':'new.example.com'} | | GET /organizations/{organization_id}/domains
          clerk_org_domain_update | {'organization_id':'$organization','domain_id':'$domain','enrollment_mode':'automatic_suggestion','verified':false} | | GET /organizations/{organization_id}/domains
          clerk_org_domain_delete | {'organization_id':'$organization','domain_id':'$domain'} | | GET /organizations/{organization_id}/domains
          clerk_allowlist_create | {'identifier':'*@new.example'} | | GET /allowlist_identifiers
          clerk_allowlist_delete | {'identifier_id':'$allowed'} | | GET /allowlist_identifiers
          clerk_blocklist_delete | {'identifier_id':'$blocked'} | | GET /blocklist_identifiers
          clerk_redirect_url_create | {'url':'https://new.example.com/back'} | | GET /redirect_urls
          clerk_redirect_url_delete | {'id':'$redirect'} | | GET /redirect_urls
          clerk_invitation_create | {'email_address':'guest@example.org','notify':false} | | GET /invitations
          clerk_invitation_create_bulk | {'invitations':[{'email_address':'a1@example.org'},{'email_address':'a2@example.org'}]} | | GET /invitations
          clerk_invitation_revoke | {'invitation_id':'$invitation'} | | GET /invitations
          clerk_org_role_permission_add | {'organization_role_id':'$role','permission_id':'$permission'} | | GET /organization_roles/{organization_role_id}
          clerk_org_role_permission_remove | {'organization_role_id':'$role','permission_id':'$held'} | | GET /organization_roles/{organization_role_id}
          clerk_org_role_update | {'organization_role_id':'$role','description':'New','permissions':['$permission']} | | GET /organization_roles/{organization_role_id}
          clerk_org_role_delete | {'organization_role_id':'$role'} | | GET /organization_roles
          clerk_jwt_template_update | {'template_id':'$template','name':'t','claims':{'b':2},'lifetime':120,'allowed_clock_skew':5} | PATCH /jwt_templates/{template_id} | GET /jwt_templates/{template_id}
          clerk_jwt_template_delete | {'template_id':'$template'} | | GET /jwt_templates
          clerk_machine_update | {'machine_id':'$machine','name':'Renamed','default_token_ttl':60} | | GET /machines/{machine_id}
          clerk_machine_scope_create | {'machine_id':'$machine','to_machine_id':'$third'} | | GET /machines/{machine_id}
          clerk_machine_scope_delete | {'machine_id':'$machine','other_machine_id':'$other'} | | GET /machines/{machine_id}
          clerk_machine_delete | {'machine_id':'$machine'} | | GET /machines
          clerk_oauth_application_update | {'oauth_application_id':'$application','name':'Renamed','redirect_uris':['https://b.example.com'],'scopes':'email'} | | GET /oauth_applications/{oauth_application_id}
          clerk_instance_org_settings_update | {'max_allowed_memberships':77,'domains_enabled':true,'domains_enrollment_modes':['automatic_invitation']} | | GET /instance/organization_settings
          clerk_instance_protect_update | {'rules_enabled':true} | | GET /instance/protect
          clerk_user_delete | {'user_id':'$user'} | | GET /users
          clerk_organization_delete | {'organization_id':'$organization'} | | GET /organizations
          clerk_message_template_update | {'template_type':'email','slug':'invitation','subject':'Come','name':'N','delivered_by_clerk':false} | | GET /templates/{template_type}/{slug}
          clerk_message_template_revert | {'template_type':'email','slug':'invitation'} | | GET /templates/{template_type}/{slug}
          clerk_message_template_delivery_toggle | {'template_type':'email','slug':'invitation'} | | GET /templates/{template_type}/{slug}
          clerk_org_permission_update | {'permission_id':'$held','name':'Renamed','key':'org:trip:look'} | | GET /organization_permissions/{permission_id}
          clerk_enterprise_connection_update | {'enterprise_connection_id':'$connection','name':'Renamed','saml':{'idp_entity_id':'urn:b','force_authn':true}} | | GET /enterprise_connections/{enterprise_connection_id}
          clerk_enterprise_connection_delete | {'enterprise_connection_id':'$connection'} | | GET /enterprise_connections
          clerk_role_set_update | {'role_set_key_or_id':'$key','name':'Renamed','key':'role_set:trip_two','default_role_key':'org:admin'} | | GET /role_sets
          clerk_api_key_update | {'api_key_id':'$apikey','description':'New','scopes':['b'],'claims':{'z':1}} | | GET /api_keys/{api_key_id}
          clerk_user_email_address_replace | {'user_id':'$user','email_address':'only@example.com'} | | GET /users/{user_id}
          """)
  void undoRestoresTheState(String name, String arguments, @Nullable String route, String look)
      throws Exception {
    prepare();
    ToolDefinition tool = Objects.requireNonNull(registry.find(name), name);
    ObjectNode given = json(arguments);
    Endpoint endpoint =
        route == null ? Objects.requireNonNull(tool.endpoint()) : Endpoint.parse(route);
    JsonNode before = read(look, given);
    JsonNode answer = call(name, given);
    boolean anew = before.isArray() || name.matches(".*_(email_address_replace|revert)");
    assertThat(comparable(read(look, given), anew)).isNotEqualTo(comparable(before, anew));

    ObjectNode sent = given.deepCopy();
    sent.remove("clear");
    given.path("clear").forEach(cleared -> sent.putNull(cleared.asText()));
    Change change = new Change(name, endpoint, sent, touched(before, endpoint, given), answer);
    UndoPlan restoration = new UndoPlanner(registry.tools(), DeclaredOperations.all()).of(change);
    for (UndoPlan.Step step : restoration.calls()) {
      call(step.tool(), step.arguments());
    }

    assertThat(comparable(read(look, given), anew))
        .as(restoration.toString())
        .isEqualTo(comparable(before, anew));
  }

  /** Creates the objects that the arguments name. */
  private void prepare() throws IOException {
    make(
        "user",
        "clerk_user_create",
        "{'email_address':['one@example.com','two@example.com'],'first_name':'Ada','last_name':'L',"
            + "'skip_password_requirement':true,"
            + "'public_metadata':{'plan':{'name':'pro','level':2},'tags':['a','b'],'old':true},"
            + "'private_metadata':{'crm':{'id':7}},'unsafe_metadata':{'theme':'red'}}");
    make(
        "member",
        "clerk_user_create",
        "{'email_address':['m@example.com'],'password':'a-Zq9!x7Rt2'}");
    make(
        "banned",
        "clerk_user_create",
        "{'email_address':['b@example.com'],'password':'a-Zq9!x7Rt2'}");
    call("clerk_user_ban", json("{'user_id':'$banned'}"));
    make(
        "organization",
        "clerk_organization_create",
        "{'name':'Acme','slug':'trip-acme','created_by':'$user','public_metadata':{'a':{'b':1,'c':[1]}}}");
    make(
        "membership",
        "clerk_org_membership_create",
        "{'organization_id':'$organization','user_id':'$member','role':'org:member',"
            + "'public_metadata':{'team':'red'}}");
    make(
        "domain",
        "clerk_org_domain_create",
        "{'organization_id':'$organization','name':'trip.example'}");
    make("allowed", "clerk_allowlist_create", "{'identifier':'*@allowed.example'}");
    make("blocked", "clerk_blocklist_create", "{'identifier':'*@blocked.example'}");
    make("redirect", "clerk_redirect_url_create", "{'url':'https://trip.example/back'}");
    make(
        "invitation",
        "clerk_invitation_create",
        "{'email_address':'invited@example.org','public_metadata':{'from':'us'}}");
    make("held", "clerk_org_permission_create", "{'name':'Read','key':'org:trip:read'}");
    make("permission", "clerk_org_permission_create", "{'name':'Write','key':'org:trip:write'}");
    make(
        "role",
        "clerk_org_role_create",
        "{'name':'Editor','key':'org:trip_editor','description':'Edits','permissions':['$held']}");
    make("template", "clerk_jwt_template_create", "{'name':'t','claims':{'a':1},'lifetime':60}");
    make("other", "clerk_machine_create", "{'name':'Other'}");
    make("third", "clerk_machine_create", "{'name':'Third'}");
    make("machine", "clerk_machine_create", "{'name':'First','scoped_machines':['$other']}");
    make(
        "connection",
        "clerk_enterprise_connection_create",
        "{'name':'Idp','provider':'saml_custom','domains':['trip.example'],'saml':{'idp_entity_id':'urn:a','idp_sso_url':'https://idp.example/sso'}}");
    make(
        "apikey",
        "clerk_api_key_create",
        "{'name':'Key','subject':'$user','scopes':['a'],'claims':{'y':1}}");
    make(
        "roleSet",
        "clerk_role_set_create",
        "{'name':'Set','key':'role_set:trip','default_role_key':'org:member','creator_role_key':'org:admin','roles':['org:member','org:admin']}");
    ids.put("$key", "role_set:trip");
    call(
        "clerk_message_template_update",
        json(
            "{'template_type':'email','slug':'invitation','subject':'Welcome','body':'Hello {{action_url}}'}"));
    make(
        "application",
        "clerk_oauth_application_create",
        "{'name':'App','redirect_uris':['https://a.example.com'],'scopes':'profile'}");
  }

  private void make(String name, String tool, String arguments) throws IOException {
    ids.put("$" + name, call(tool, json(arguments)).path("id").asText());
  }

  private JsonNode call(String tool, ObjectNode arguments) throws IOException {
    ToolResult result = ToolCaller.call(registry, tool, arguments);
    assertThat(result.isError()).as("%s %s: %s", tool, arguments, result.json()).isFalse();
    return Json.read(result.json());
  }

  private ObjectNode json(String text) throws IOException {
    String json = text.replace('\'', '"');
    for (Map.Entry<String, String> id : ids.entrySet()) {
      json = json.replace("\"" + id.getKey() + "\"", "\"" + id.getValue() + "\"");
    }
    return (ObjectNode) Json.read(json);
  }

  /** Reads an object, or the rows of a list. */
  private JsonNode read(String route, ObjectNode arguments) {
    Endpoint endpoint = Endpoint.parse(route);
    ObjectNode address = Json.object();
    endpoint.variables().forEach(variable -> address.set(variable, arguments.path(variable)));
    JsonNode answer = clerk.exchange(endpoint, address, new Cancellation()).body();
    return answer.path("data").isArray() ? answer.path("data") : answer;
  }

  /**
   * The recorded state before the operation: the object, the rows in the arguments, or the row in
   * the path.
   */
  private static @Nullable JsonNode touched(
      JsonNode state, Endpoint endpoint, ObjectNode arguments) {
    if (state.isObject()) {
      return state;
    }
    ArrayNode rows = Json.array();
    for (JsonNode row : state) {
      String person = row.path("public_user_data").path("user_id").asText();
      for (String variable : endpoint.variables()) {
        String value = arguments.path(variable).asText();
        if (List.of(row.path("id").asText(), row.path("key").asText(), person).contains(value)) {
          return row;
        }
      }
      if (arguments.path("user_ids").valueStream().anyMatch(row.path("id")::equals)) {
        rows.add(row);
      }
    }
    return rows.isEmpty() ? null : rows;
  }

  /**
   * The state without fields that always differ; with {@code anew}, without those of recreated
   * objects as well.
   */
  private static JsonNode comparable(JsonNode state, boolean anew) {
    if (state.isArray()) {
      List<JsonNode> items = new ArrayList<>();
      state.forEach(item -> items.add(comparable(item, anew)));
      items.sort(Comparator.comparing(JsonNode::toString));
      return Json.array().addAll(items);
    }
    if (!state.isObject()) {
      return state;
    }
    ObjectNode copy = Json.object();
    for (Map.Entry<String, JsonNode> field : state.properties()) {
      String name = field.getKey();
      if (!name.equals("updated_at") && !(anew && ITS_OWN.contains(name))) {
        copy.set(name, comparable(field.getValue(), anew));
      }
    }
    return copy;
  }
}
