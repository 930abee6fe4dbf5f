package dev.clerkmcp.sandbox.handlers.enterprise;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Enterprise connections, and the SAML connections that are a view of them. */
final class EnterpriseConnectionsTest {
  private static final String SAML =
      "{'name':'Okta','provider':'saml_okta','domains':['Example.com']}";

  private final SandboxCalls clerk = SandboxCalls.empty();

  @Test
  void samlConnectionHasSamlPart() {
    JsonNode created =
        clerk.ok(
            "POST /enterprise_connections",
            "{'name':'Okta','provider':'saml_okta','domains':['Example.com'],"
                + "'saml':{'idp_entity_id':'idp','idp_certificate':'secret-ish','force_authn':true,"
                + "'attribute_mapping':{'user_id':'uid'}},'oidc':{'client_id':'ignored'}}");
    assertThat(created.at("/domains/0").asText()).isEqualTo("example.com");
    assertThat(created.path("active").asBoolean()).isFalse();
    assertThat(created.has("oauth_config")).isFalse();
    JsonNode saml = created.path("saml_connection");
    assertThat(saml.path("idp_entity_id").asText()).isEqualTo("idp");
    assertThat(saml.path("force_authn").asBoolean()).isTrue();
    assertThat(saml.path("acs_url").asText()).startsWith("https://clerk.sandbox.invalid/");
    assertThat(saml.has("idp_certificate")).isFalse();
    assertThat(clerk.ok("GET /enterprise_connections/" + id(created))).isEqualTo(created);

    JsonNode old = clerk.ok("GET /saml_connections/" + saml.path("id").asText());
    assertThat(old.path("enterprise_connection_id")).isEqualTo(created.path("id"));
    assertThat(old.path("idp_certificate").asText()).isEqualTo("secret-ish");
    assertThat(old.at("/attribute_mapping/user_id").asText()).isEqualTo("uid");
    assertThat(old.at("/attribute_mapping/email_address").asText()).isEqualTo("mail");
    assertThat(old.path("domain").asText()).isEqualTo("example.com");
    assertThat(old.path("provider").asText()).isEqualTo("saml_okta");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'idp_certificates':['one','two'] | one two",
        "'idp_certificate':'three' | three",
        "'idp_certificates':[] | ``"
      })
  void certificatesReplaceAllFormerOnes(String given, String trusted) {
    JsonNode created =
        clerk.ok(
            "POST /enterprise_connections",
            "{'name':'Okta','provider':'saml_okta','domains':['example.com'],"
                + "'saml':{'idp_certificates':['old','older']}}");
    JsonNode changed =
        clerk.ok("PATCH /enterprise_connections/" + id(created), "{'saml':{" + given + "}}");
    JsonNode certificates = changed.at("/saml_connection/idp_certificates");
    assertThat(String.join(" ", certificates.findValuesAsText("certificate"))).isEqualTo(trusted);
    JsonNode old = clerk.ok("GET /saml_connections/" + changed.at("/saml_connection/id").asText());
    assertThat(old.path("idp_certificates")).isEqualTo(certificates);
    assertThat(old.path("idp_certificate").asText("")).isEqualTo(trusted.replaceFirst(" .*", ""));
  }

  @Test
  void oidcConnectionNeverReturnsItsSecret() {
    JsonNode created =
        clerk.ok(
            "POST /enterprise_connections",
            "{'name':'GitLab','provider':'oidc_gitlab','domains':['example.com'],'active':true,"
                + "'oidc':{'client_id':'c1','client_secret':'hush','requires_pkce':null}}");
    assertThat(created.has("saml_connection")).isFalse();
    assertThat(created.path("active").asBoolean()).isTrue();
    assertThat(created.at("/oauth_config/client_id").asText()).isEqualTo("c1");
    assertThat(created.at("/oauth_config/requires_pkce").asBoolean()).isFalse();
    assertThat(created.toString()).doesNotContain("hush");
    assertThat(clerk.ok("GET /saml_connections").path("data")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'name':'n','provider':'saml_okta','domains':[]} | 422 form_param_min_length_exceeded domains",
        "{'name':'n','provider':'other','domains':['a.com']} | 422 form_param_value_invalid provider",
        "{'name':'n','provider':'saml_okta','domains':['no domain']} | 422 form_param_format_invalid domains",
        "{'name':'n','provider':'saml_okta','domains':['a.com'],'organization_id':'org_0'} | 404 resource_not_found",
        "{'name':'n','provider':'saml_okta','domains':['a.com'],'active':true} | 422 saml_connection_cant_be_activated",
        "{'name':'n','provider':'oidc_custom','domains':['a.com'],'active':true} | 422 form_conditional_param_missing oidc.client_id",
      })
  void rejectsInvalidConnections(String body, String error) {
    assertThat(clerk.call("POST", "/enterprise_connections", body).error()).isEqualTo(error);
    assertThat(clerk.store().table(ObjectKind.ENTERPRISE_CONNECTION).size()).isZero();
  }

  @Test
  void domainBelongsToOneConnection() {
    JsonNode first = clerk.ok("POST /enterprise_connections", SAML);
    assertThat(clerk.call("POST", "/enterprise_connections", SAML).error())
        .isEqualTo("422 form_identifier_exists domains");
    assertThat(
            clerk
                .call(
                    "POST",
                    "/saml_connections",
                    "{'name':'n','provider':'saml_okta','domain':'EXAMPLE.com'}")
                .error())
        .isEqualTo("422 form_identifier_exists domains");
    JsonNode same =
        clerk.ok(
            "PATCH /enterprise_connections/" + id(first),
            "{'domains':['example.com','example.org']}");
    assertThat(same.path("domains")).hasSize(2);
    assertThat(
            clerk
                .ok("PATCH /enterprise_connections/" + id(first), "{'domains':[],'name':'New'}")
                .path("domains"))
        .hasSize(2);
  }

  @Test
  void organizationHasOnePermanentConnection() {
    clerk.store().table(ObjectKind.ORGANIZATION).add(Json.object().put("id", "org_1"));
    JsonNode first = clerk.ok("POST /enterprise_connections", SAML);
    clerk.ok("PATCH /enterprise_connections/" + id(first), "{'organization_id':'org_1'}");
    JsonNode still =
        clerk.ok(
            "PATCH /enterprise_connections/" + id(first),
            "{'organization_id':null,'allow_organization_account_linking':true}");
    assertThat(still.path("organization_id").asText()).isEqualTo("org_1");
    assertThat(still.path("allow_organization_account_linking").asBoolean()).isTrue();
    assertThat(
            clerk
                .call(
                    "POST",
                    "/enterprise_connections",
                    "{'name':'n','provider':'saml_okta','domains':['b.com'],'organization_id':'org_1'}")
                .error())
        .isEqualTo("422 organization_already_has_sso_connection organization_id");
    JsonNode other =
        clerk.ok(
            "POST /enterprise_connections",
            "{'name':'n','provider':'saml_okta','domains':['b.com']}");
    assertThat(
            clerk
                .ok("GET /enterprise_connections?organization_id=org_1")
                .path("data")
                .findValuesAsText("organization_id"))
        .containsExactly("org_1");
    assertThat(clerk.ok("GET /enterprise_connections").at("/data/0/id"))
        .isEqualTo(other.path("id"));
    assertThat(clerk.ok("GET /saml_connections?organization_id=-org_1").path("total_count").asInt())
        .isEqualTo(1);
  }

  @Test
  void activationNeedsTheIdentityProvider() {
    String path = "/enterprise_connections/" + id(clerk.ok("POST /enterprise_connections", SAML));
    assertThat(clerk.call("PATCH", path, "{'active':true}").error())
        .isEqualTo("422 saml_connection_cant_be_activated");
    JsonNode active =
        clerk.ok(
            "PATCH " + path,
            "{'active':true,'saml':{'idp_metadata_url':'https://idp.example.com/metadata'}}");
    assertThat(active.path("active").asBoolean()).isTrue();
    assertThat(active.at("/saml_connection/active").asBoolean()).isTrue();
    assertThat(clerk.ok("GET /enterprise_connections?active=true").path("total_count").asInt())
        .isEqualTo(1);
    clerk.ok("PATCH " + path, "{'active':false}");
    assertThat(clerk.ok("GET /enterprise_connections?active=true").path("total_count").asInt())
        .isZero();
  }

  @Test
  void testRunStaysPending() {
    String path = "/enterprise_connections/" + id(clerk.ok("POST /enterprise_connections", SAML));
    assertThat(clerk.ok("POST " + path + "/test_runs").path("url").asText())
        .startsWith("https://accounts.sandbox.invalid/");
    JsonNode runs = clerk.ok("GET " + path + "/test_runs?status=pending&status=failed");
    assertThat(runs.at("/data/0/connection_type").asText()).isEqualTo("saml");
    assertThat(clerk.ok("GET " + path + "/test_runs?status=success").path("data")).isEmpty();
    clerk.ok("DELETE " + path);
    assertThat(clerk.store().table(ObjectKind.TEST_RUN).size()).isZero();
    assertThat(clerk.call("GET", path + "/test_runs").error()).isEqualTo("404 resource_not_found");
    assertThat(clerk.call("POST", path + "/test_runs").error()).isEqualTo("404 resource_not_found");
  }

  @Test
  void samlConnectionIsAnEnterpriseConnection() {
    JsonNode created =
        clerk.ok(
            "POST /saml_connections",
            "{'name':'Okta','provider':'saml_okta','domain':'example.com',"
                + "'idp_metadata':'<xml/>','login_hint':{'mode':'off'}}");
    String path = "/saml_connections/" + id(created);
    String enterprise =
        "/enterprise_connections/" + created.path("enterprise_connection_id").asText();
    assertThat(created.at("/login_hint/mode").asText()).isEqualTo("off");
    assertThat(clerk.ok("GET " + path)).isEqualTo(created);

    JsonNode updated =
        clerk.ok(
            "PATCH " + path,
            "{'name':'Entra','active':true,'sync_user_attributes':true,'allow_subdomains':true,"
                + "'idp_metadata':'<new/>','domain':null}");
    assertThat(updated.path("idp_metadata").asText()).isEqualTo("<new/>");
    JsonNode same = clerk.ok("GET " + enterprise);
    assertThat(same.path("name").asText()).isEqualTo("Entra");
    assertThat(same.path("active").asBoolean()).isTrue();
    assertThat(same.path("sync_user_attributes").asBoolean()).isTrue();
    assertThat(same.at("/saml_connection/allow_subdomains").asBoolean()).isTrue();
    assertThat(same.at("/domains/0").asText()).isEqualTo("example.com");

    assertThat(clerk.ok("GET /saml_connections?query=entr").path("total_count").asInt())
        .isEqualTo(1);
    assertThat(clerk.ok("GET /saml_connections?query=okta").path("total_count").asInt()).isZero();
    assertThat(clerk.ok("DELETE " + path).path("object").asText()).isEqualTo("saml_connection");
    assertThat(clerk.call("GET", enterprise).error()).isEqualTo("404 resource_not_found");
    assertThat(clerk.call("GET", path).error()).isEqualTo("404 resource_not_found");
  }

  private static String id(JsonNode object) {
    return object.path("id").asText();
  }
}
