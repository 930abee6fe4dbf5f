package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE_EACH_TIME;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static dev.clerkmcp.registry.OperationFacts.Dependent.EMPTY_ALLOWLIST;
import static dev.clerkmcp.registry.OperationFacts.Risk.FEDERATION;
import static dev.clerkmcp.registry.OperationFacts.Risk.PRIVILEGE;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.tools.FactTexts.APPLICATION_DOWN;
import static dev.clerkmcp.tools.FactTexts.CHECKED;
import static dev.clerkmcp.tools.FactTexts.DOMAIN_CHANGED;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for the settings of the whole instance. */
@ToolGroup(
    id = "instance",
    description = "Instance: settings for everybody, its keys, proxy and production domain")
public interface InstanceTools {

  @Tool(name = "clerk_instance_get", title = "Get instance", effect = READ)
  @Description("The instance: ID, environment (development or production) and origins.")
  @Route("GET /instance")
  JsonNode get();

  @Tool(name = "clerk_instance_update", title = "Change instance settings", effect = DESTROY)
  @Description("Change settings of the whole instance; most cannot be read back. Returns nothing.")
  @Route("PATCH /instance")
  @Risky(Risk.INSTANCE)
  @Risky(value = FEDERATION, when = "allowed_origins")
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(
      @Arg("Allow test emails and phones") @Nullable Boolean testMode,
      @Arg("Refuse breached passwords") @Nullable Boolean hibp,
      @Arg(value = "Shown to users", clearable = true) @Nullable String supportEmail,
      @Arg(value = "ClerkJS to load", clearable = true) @Nullable String clerkJsVersion,
      @Arg(value = "Of development", clearable = true) @Nullable String developmentOrigin,
      @Arg(value = "All of them, e.g. capacitor://localhost", storedAt = "GET /instance")
          @Nullable List<String> allowedOrigins,
      @Arg("Development without cookies") @Nullable Boolean urlBasedSessionSyncing,
      @Arg(value = "Empty resets it", clearable = true)
          @Nullable PreferredStrategy preferredSignInStrategyWhenPasswordRequired);

  @Tool(
      name = "clerk_instance_restrictions_update",
      title = "Change sign up restrictions",
      effect = DESTROY)
  @Description(
      "Restrict sign-up instance-wide; needs no reading before. An enabled but empty allowlist locks"
          + " everyone out.")
  @Route("PATCH /instance/restrictions")
  @Risky(Risk.INSTANCE)
  @Risky(FEDERATION)
  @Loses(also = EMPTY_ALLOWLIST)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode updateRestrictions(
      @Arg("Use the allowlist") @Nullable Boolean allowlist,
      @Arg("Use the blocklist") @Nullable Boolean blocklist,
      @Arg("Lists at sign-up only") @Nullable Boolean allowlistBlocklistDisabledOnSignIn,
      @Arg("Refuse a+b@example.com") @Nullable Boolean blockEmailSubaddresses,
      @Arg("Refuse disposable email") @Nullable Boolean blockDisposableEmailDomains);

  @Tool(name = "clerk_instance_protect_get", title = "Get instance protection", effect = READ)
  @Description("The settings of Clerk Protect, against bots and fraud.")
  @Route("GET /instance/protect")
  JsonNode getProtect();

  @Tool(
      name = "clerk_instance_protect_update",
      title = "Change instance protection",
      effect = DESTROY)
  @Description("Switch parts of Clerk Protect on or off for the whole instance.")
  @Route("PATCH /instance/protect")
  @Risky(Risk.INSTANCE)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode updateProtect(
      @Arg("Apply your rules") @Nullable Boolean rulesEnabled,
      @Arg("Use Specter") @Nullable Boolean specterEnabled);

  @Tool(
      name = "clerk_instance_communication_get",
      title = "Get blocked SMS countries",
      effect = READ)
  @Description("Countries blocked for SMS.")
  @Route("GET /instance/communication")
  JsonNode getCommunication();

  @Tool(
      name = "clerk_instance_communication_update",
      title = "Change blocked SMS countries",
      effect = DESTROY)
  @Description("Change the countries blocked for SMS; unknown codes are dropped.")
  @Route("PATCH /instance/communication")
  @Risky(Risk.INSTANCE)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode updateCommunication(
      @Arg(
              value = "All, each once, e.g. DE",
              max = 250,
              clearable = true,
              storedAt = "GET /instance/communication")
          @Nullable List<String> blockedCountryCodes);

  @Tool(
      name = "clerk_instance_oauth_settings_get",
      title = "Get OAuth application settings",
      effect = READ)
  @Description("OAuth settings of the whole instance.")
  @Route("GET /instance/oauth_application_settings")
  JsonNode getOauthApplicationSettings();

  @Tool(
      name = "clerk_instance_oauth_settings_update",
      title = "Change OAuth application settings",
      effect = DESTROY)
  @Description("Change the OAuth settings of the whole instance.")
  @Route("PATCH /instance/oauth_application_settings")
  @Risky(Risk.INSTANCE)
  @Risky(FEDERATION)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode updateOauthApplicationSettings(
      @Arg("Let clients register") @Nullable Boolean dynamicOauthClientRegistration,
      @Arg(
              value = "All, e.g. profile",
              clearable = true,
              storedAt = "GET /instance/oauth_application_settings")
          @Nullable List<String> defaultScopes,
      @Arg("JWT, not opaque") @Nullable Boolean oauthJwtAccessTokens,
      @Arg("Advertise CIMD") @Nullable Boolean clientIdMetadataDocumentsAdvertised,
      @Arg("Refuse new CIMD clients")
          @Nullable Boolean clientIdMetadataDocumentsOnlyAllowPreRegisteredClients,
      @Arg("Refuse auto-admitted ones")
          @Nullable Boolean clientIdMetadataDocumentsBlockImplicitlyAllowedClients);

  @Tool(
      name = "clerk_instance_org_settings_get",
      title = "Get organization settings",
      effect = READ)
  @Description("Organization settings of the instance: limits, roles, domains.")
  @Route("GET /instance/organization_settings")
  JsonNode getOrganizationSettings();

  @Tool(
      name = "clerk_instance_org_settings_update",
      title = "Change organization settings",
      effect = DESTROY)
  @Description("Change the organization settings of the instance. The plan must include them.")
  @Route("PATCH /instance/organization_settings")
  @Risky(Risk.INSTANCE)
  @Risky(
      value = PRIVILEGE,
      when = {"creator_role_id", "domains_default_role_id"})
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode updateOrganizationSettings(
      @Arg("Use organizations") @Nullable Boolean enabled,
      @Arg(value = "Default per organization", clearable = true)
          @Nullable Integer maxAllowedMemberships,
      @Arg("Admins may delete them") @Nullable Boolean adminDeleteEnabled,
      @Arg("Use organization domains") @Nullable Boolean domainsEnabled,
      @Arg("No slugs") @Nullable Boolean slugDisabled,
      @Arg(
              value = "All: automatic_invitation, automatic_suggestion",
              storedAt = "GET /instance/organization_settings")
          @Nullable List<String> domainsEnrollmentModes,
      @Arg(value = "role_...", clearable = true) @Nullable String creatorRoleId,
      @Arg(value = "role_...", clearable = true) @Nullable String domainsDefaultRoleId);

  @Tool(
      name = "clerk_instance_beta_settings_update",
      title = "Change instance beta settings",
      effect = DESTROY)
  @Description(
      "Change beta settings instance-wide. An enabled but empty allowlist locks everyone out.")
  @Route("PATCH /beta_features/instance_settings")
  @Risky(Risk.INSTANCE)
  @Loses(also = EMPTY_ALLOWLIST)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode updateBetaSettings(
      @Arg("Use the allowlist") @Nullable Boolean restrictedToAllowlist,
      @Arg(value = "Sender, part before @", clearable = true) @Nullable String fromEmailAddress,
      @Arg("Retired; ask Clerk") @Nullable Boolean progressiveSignUp,
      @Arg("Allow test emails and phones") @Nullable Boolean testMode);

  @Tool(
      name = "clerk_instance_domain_change",
      title = "Change production domain",
      effect = IRREVERSIBLE_EACH_TIME)
  @Description(
      "Move production to another domain: signs everyone out, down until DNS and keys are set.")
  @Route("POST /instance/change_domain")
  @Risky(Risk.INSTANCE)
  @Risky(FEDERATION)
  @Loses(APPLICATION_DOWN)
  @NotUndone(DOMAIN_CHANGED)
  JsonNode changeDomain(InstanceDomain domain);

  @Tool(name = "clerk_jwks_get", title = "Get JSON web key set", effect = READ)
  @Description("The public keys that verify the instance's session tokens.")
  @Route("GET /jwks")
  @Secret({"keys[].d", "keys[].dp", "keys[].dq", "keys[].k", "keys[].p", "keys[].q", "keys[].qi"})
  JsonNode getJwks();

  @Tool(
      name = "clerk_domain_proxy_verify",
      title = "Verify domain proxy",
      effect = UPDATE,
      openWorld = true)
  @Description("Check whether a proxy reaches Clerk's Frontend API, before or after you set it.")
  @Route("POST /proxy_checks")
  @NotUndone(CHECKED)
  JsonNode verifyProxy(
      @Arg("dmn_... or name") @Nullable String domainId,
      @Arg("E.g. https://example.com/__clerk") @Nullable String proxyUrl);

  /** How users sign in first who have a password and other ways to sign in. */
  enum PreferredStrategy {
    @JsonProperty("password")
    PASSWORD,
    @JsonProperty("otp")
    OTP,
    /** What Clerk chooses. */
    @JsonProperty("")
    DEFAULT
  }

  /** The new domain of a production instance. */
  record InstanceDomain(
      @Arg("E.g. https://www.example.com") @Nullable String homeUrl,
      @Arg("For a second app") @Nullable Boolean isSecondary) {}
}
