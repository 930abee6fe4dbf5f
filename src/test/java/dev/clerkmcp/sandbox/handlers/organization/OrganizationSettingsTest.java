package dev.clerkmcp.sandbox.handlers.organization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.Test;

final class OrganizationSettingsTest {
  private final OrganizationFixture fixture = new OrganizationFixture();

  @Test
  void newOrganizationUsesTheSettings() {
    fixture.settings("{'max_allowed_memberships':50,'admin_delete_enabled':false}");

    JsonNode acme = fixture.calls.ok("POST /organizations", "{'name':'Acme'}");

    assertThat(acme.path("max_allowed_memberships").asInt()).isEqualTo(50);
    assertThat(acme.path("admin_delete_enabled").asBoolean()).isFalse();
  }

  @Test
  void settingsDisableOrganizationsAndSlugs() {
    String acme = fixture.organization("Acme");
    fixture.settings("{'enabled':true,'slug_disabled':true}");
    assertThat(fixture.calls.call("POST", "/organizations", "{'name':'New','slug':'new'}").error())
        .isEqualTo("403 organization_slugs_disabled");
    assertThat(fixture.calls.call("PATCH", "/organizations/" + acme, "{'slug':'new'}").error())
        .isEqualTo("403 organization_slugs_disabled");
    assertThat(fixture.calls.call("POST", "/organizations", "{'name':'New'}").status())
        .isEqualTo(200);

    fixture
        .calls
        .store()
        .table(ObjectKind.SETTINGS)
        .change(OrganizationSettings.ID, row -> row.put("enabled", false));
    assertThat(fixture.calls.call("POST", "/organizations", "{'name':'New'}").error())
        .isEqualTo("403 organization_not_enabled_in_instance");
  }
}
