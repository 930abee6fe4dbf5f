package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.Risk.CREDENTIAL;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;
import static dev.clerkmcp.tools.FactTexts.REVOKED;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Default;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.Sets;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.tools.ApiKeyTools.SmallPage;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for M2M tokens, with which machines authenticate to each other. */
@ToolGroup(id = "machines")
public interface M2mTokenTools {

  @Tool(name = "clerk_m2m_tokens_list", title = "List machine tokens", effect = READ)
  @Description("List a machine's opaque tokens; JWTs are not stored.")
  @Route("GET /m2m_tokens")
  ListPage list(
      @Arg("mch_... or name") String subject,
      @Arg("Show revoked ones, too") @Nullable Boolean revoked,
      @Arg("Show expired ones, too") @Nullable Boolean expired,
      SmallPage page);

  @Tool(name = "clerk_m2m_token_create", title = "Create machine token", effect = CREATE)
  @Description("Issue a token, a credential. Clerk requires a machine's secret key, not sk_...")
  @Route("POST /m2m_tokens")
  @Default(argument = "seconds_until_expiration", value = "none, so it never expires")
  @Risky(CREDENTIAL)
  @UndoneBy(value = "POST /m2m_tokens/{m2m_token_id}/revoke", how = REMOVAL)
  @Secret(value = "token", kept = true)
  JsonNode create(
      @Arg("Default opaque") @Nullable M2mTokenFormat tokenFormat,
      @Arg(value = "Default: the machine's", min = 1) @Nullable Integer secondsUntilExpiration,
      @Arg("Custom claims") @Nullable ObjectNode claims,
      @Arg(value = "Reuse an opaque one that lasts longer", min = 0)
          @Nullable Integer minRemainingTtlSeconds);

  @Tool(name = "clerk_m2m_token_revoke", title = "Revoke machine token", effect = DESTROY)
  @Description("Revoke an opaque machine token for good; JWTs cannot be revoked.")
  @Route("POST /m2m_tokens/{m2m_token_id}/revoke")
  @Sets("revoked = true")
  @Loses("The token stops working")
  @NotUndone(REVOKED)
  JsonNode revoke(
      @Arg("mt_...") String m2mTokenId, @Arg("For the record") @Nullable String revocationReason);

  @Tool(name = "clerk_m2m_token_verify", title = "Verify machine token", effect = READ)
  @Description("Verify a machine token: its machine, claims and expiry.")
  @Route("POST /m2m_tokens/verify")
  JsonNode verify(@Arg(value = "The token itself", secret = true) String token);

  /** The formats of an M2M token: opaque, which only Clerk can verify, or a signed JWT. */
  enum M2mTokenFormat {
    @JsonProperty("opaque")
    OPAQUE,
    @JsonProperty("jwt")
    JWT
  }
}
