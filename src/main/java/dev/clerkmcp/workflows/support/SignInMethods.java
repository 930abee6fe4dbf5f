package dev.clerkmcp.workflows.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The ways in which a user can prove who they are, as far as the user's own record tells. */
public record SignInMethods(JsonNode user) {
  /** Whether a contact or account of a user's is verified. */
  public static boolean isVerified(JsonNode item) {
    return item.path("verification").path("status").asText().equals("verified");
  }

  /** Whether one in a list of the user's is verified. */
  public boolean hasVerified(String list) {
    for (JsonNode item : user.path(list)) {
      if (isVerified(item)) {
        return true;
      }
    }
    return false;
  }

  /** First factors but for codes and links, of which only the instance's settings know. */
  public List<String> first() {
    List<String> methods = new ArrayList<>();
    if (user.path("password_enabled").asBoolean()) {
      methods.add("password");
    }
    TreeSet<String> providers = new TreeSet<>();
    for (JsonNode account : user.path("external_accounts")) {
      if (isVerified(account)) {
        providers.add(account.path("provider").asText("oauth"));
      }
    }
    for (String list : List.of("enterprise_accounts", "saml_accounts")) {
      for (JsonNode account : user.path(list)) {
        if (account.path("active").asBoolean()) {
          providers.add("sso:" + account.path("provider").asText());
        }
      }
    }
    methods.addAll(providers);
    if (!user.path("passkeys").isEmpty()) {
      methods.add("passkey");
    }
    if (hasVerified("web3_wallets")) {
      methods.add("web3_wallet");
    }
    return methods;
  }

  /** Second factors. */
  public List<String> second() {
    List<String> factors = new ArrayList<>();
    if (user.path("totp_enabled").asBoolean()) {
      factors.add("totp");
    }
    for (JsonNode phone : user.path("phone_numbers")) {
      if (phone.path("reserved_for_second_factor").asBoolean() && isVerified(phone)) {
        factors.add("phone_code");
        break;
      }
    }
    if (user.path("backup_code_enabled").asBoolean()) {
      factors.add("backup_code");
    }
    return factors;
  }
}
