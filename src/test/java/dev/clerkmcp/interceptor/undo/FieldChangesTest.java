package dev.clerkmcp.interceptor.undo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.DeclaredOperations;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the rows that show what a request changes. */
final class FieldChangesTest {
  /** The request, the current object, and the rows. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      nullValues = "?",
      textBlock =
          """
          PATCH /users/{user_id} | {'user_id':'u','last_name':'B','first_name':'A','username':null} | {'first_name':'A','last_name':'C','username':'x'} | [{'field':'last_name','before':'C','after':'B'},{'field':'username','before':'x','after':null}]
          PATCH /users/{user_id} | {'user_id':'u','password':'p','skip_password_checks':true} | {'id':'u'} | [{'field':'password','after':'p'}]
          PATCH /users/{user_id} | {'user_id':'u','created_at':'2026-01-01T00:00:00Z'} | {'created_at':1767225600000} | []
          PATCH /users/{user_id} | {'user_id':'u','first_name':'A'} | ? | [{'field':'first_name','after':'A'}]
          PATCH /machines/{machine_id} | {'machine_id':'m','default_token_ttl':60} | {'default_token_ttl':60.0} | []
          PATCH /users/{user_id}/metadata | {'user_id':'u','public_metadata':{'plan':{'name':null,'seats':3},'same':1,'gone':null}} | {'public_metadata':{'plan':{'name':'pro','kept':1},'same':1}} | [{'field':'public_metadata.plan.name','before':'pro','after':null},{'field':'public_metadata.plan.seats','after':3}]
          PATCH /users/{user_id}/metadata | {'user_id':'u','public_metadata':{'a':{'role':'admin'},'a.role':'member'}} | {'public_metadata':{}} | [{'field':'public_metadata.a.role','after':'admin'},{'field':'public_metadata[\\'a.role\\']','after':'member'}]
          PATCH /users/{user_id}/metadata | {'user_id':'u','private_metadata':{'a':{'b':null}}} | {} | [{'field':'private_metadata.a.b','after':null}]
          PUT /users/{user_id}/metadata | {'user_id':'u','public_metadata':{'a':2,'n':{'x':1}}} | {'public_metadata':{'a':1,'b':{'c':[1]}},'private_metadata':{'z':1}} | [{'field':'public_metadata.a','before':1,'after':2},{'field':'public_metadata.b.c','before':[1],'after':null},{'field':'public_metadata.n.x','after':1}]
          PATCH /jwt_templates/{template_id} | {'template_id':'t','claims':{'b':2}} | {'claims':{'a':1}} | [{'field':'claims.a','before':1,'after':null},{'field':'claims.b','after':2}]
          PATCH /organization_roles/{organization_role_id} | {'organization_role_id':'r','permissions':['p']} | {'permissions':[{'id':'p'},{'id':'q'}]} | [{'field':'permissions','before':['p','q'],'after':['p']}]
          PATCH /email_addresses/{email_address_id} | {'email_address_id':'e','verified':true} | {'verification':{'status':'unverified'}} | [{'field':'verified','before':false,'after':true}]
          PATCH /enterprise_connections/{enterprise_connection_id} | {'enterprise_connection_id':'e','saml':{'idp_entity_id':'n'}} | {'saml_connection':{'id':'x','idp_entity_id':'o'}} | [{'field':'saml.idp_entity_id','before':'o','after':'n'}]
          PUT /users/{user_id}/email_address | {'user_id':'u','email_address':'n'} | {'email_addresses':[{'email_address':'a'},{'email_address':'b'}]} | [{'field':'email_address','before':['a','b'],'after':['n']}]
          POST /templates/{template_type}/{slug}/toggle_delivery | {'template_type':'email','slug':'s','delivered_by_clerk':false} | {'delivered_by_clerk':true} | [{'field':'delivered_by_clerk','before':true,'after':false}]
          POST /organizations/{organization_id}/domains | {'organization_id':'o','name':'a.example'} | {'id':'o','name':'Acme'} | []
          POST /users | {'first_name':'A'} | ? | []
          DELETE /users/{user_id} | {'user_id':'u'} | {'id':'u'} | []
          POST /users/{user_id}/ban | {'user_id':'u'} | {'banned':false} | [{'field':'banned','before':false,'after':true}]
          POST /users/{user_id}/ban | {'user_id':'u'} | {'banned':true} | []
          POST /users/{user_id}/unlock | {'user_id':'u'} | {'locked':true} | [{'field':'locked','before':true,'after':false}]
          POST /users/ban | {'user_ids':['a','b']} | [{'id':'a','banned':false},{'id':'b','banned':true}] | [{'field':'a.banned','before':false,'after':true}]
          POST /sessions/{session_id}/revoke | {'session_id':'s'} | {'status':'active'} | [{'field':'status','before':'active','after':'revoked'}]
          POST /invitations/{invitation_id}/revoke | {'invitation_id':'i'} | {'status':'pending'} | [{'field':'status','before':'pending','after':'revoked'}]
          """)
  void requestHasTheseChanges(String route, String arguments, @Nullable String state, String rows)
      throws IOException {
    ArrayNode changes =
        FieldChanges.of(
            DeclaredOperations.of(route),
            (ObjectNode) Objects.requireNonNull(json(arguments)),
            json(state));
    assertThat(changes.toString().replace('"', '\'')).isEqualTo(rows);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\"", "\u0001", "😀"})
  void longValueIsTruncated(String letter) {
    String text = letter.repeat(600);
    JsonNode row = change(text);
    assertThat(row.path("after").toString().length()).isBetween(480, FieldChanges.MAX_CHARACTERS);
    assertThat(row.path("after").textValue()).endsWith("…");
    assertThat(text).startsWith(row.path("after").textValue().replace("…", ""));
    assertThat(row.path("cut").booleanValue()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "é"})
  void valueAtTheLimitIsUnchanged(String letter) {
    String text = letter.repeat(FieldChanges.MAX_CHARACTERS - 2);
    assertThat(change(text).path("after").textValue()).isEqualTo(text);
    assertThat(change(text).has("cut")).isFalse();
  }

  private static JsonNode change(String text) {
    ObjectNode arguments = Json.object().put("user_id", "u").put("first_name", text);
    return FieldChanges.of(
            DeclaredOperations.of("PATCH /users/{user_id}"), arguments, Json.object())
        .path(0);
  }

  private static @Nullable JsonNode json(@Nullable String text) throws IOException {
    return text == null ? null : Json.read(text.replace('\'', '"'));
  }
}
