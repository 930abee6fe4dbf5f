package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.clerkmcp.registry.Arg;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be set on an OAuth application both at creation and later, beside its name. */
public record OauthApplicationOptions(
    @Arg(value = "All full URIs", clearable = true) @Nullable List<String> redirectUris,
    @Arg(value = "E.g. profile email", max = 1024, clearable = true) @Nullable String scopes,
    @Arg("Ask users for consent") @Nullable Boolean consentScreenEnabled,
    @Arg("Insist on PKCE") @Nullable Boolean pkceRequired,
    @Arg("No secret; PKCE") @JsonProperty("public") @Nullable Boolean isPublic) {}
