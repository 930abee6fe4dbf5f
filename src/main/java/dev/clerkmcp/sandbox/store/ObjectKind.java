package dev.clerkmcp.sandbox.store;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kinds of objects in an instance, each with the prefix of its ids. */
public enum ObjectKind {
  ACTOR_TOKEN("act_"),
  ADMIN_PORTAL_LINK_TOKEN("aplt_"),
  AGENT_TASK("agt_"),
  ALLOWLIST_IDENTIFIER("alid_"),
  API_KEY("ak_"),
  BLOCKLIST_IDENTIFIER("blid_"),
  CLIENT("client_"),
  CREDIT("ccred_"),
  DIRECTORY("dir_"),
  DOMAIN("dmn_"),
  ENTERPRISE_CONNECTION("entc_"),
  GROUP_ROLE_MAPPING("grm_"),
  INVITATION("inv_"),
  JWT_TEMPLATE("jtmp_"),
  M2M_TOKEN("mt_"),
  MACHINE("mch_"),
  OAUTH_ACCESS_TOKEN("oat_"),
  OAUTH_APPLICATION("oa_"),
  ORGANIZATION("org_"),
  ORGANIZATION_DOMAIN("orgdmn_"),
  ORGANIZATION_INVITATION("orginv_"),
  ORGANIZATION_MEMBERSHIP("orgmem_"),
  PAYMENT_ATTEMPT("cpatt_"),
  PERMISSION("perm_"),
  PRICE("cprice_"),
  REDIRECT_URL("ru_"),
  ROLE("role_"),
  ROLE_SET("rset_"),
  SESSION("sess_"),
  /** The settings of the instance: one object for each group, whose id is the group's name. */
  SETTINGS("settings_"),
  SIGN_IN_TOKEN("sit_"),
  SIGN_UP("sua_"),
  STATEMENT("cstmt_"),
  SUBSCRIPTION_ITEM("csub_item_"),
  TEMPLATE("tmpl_"),
  TEST_RUN("etr_"),
  TRUSTED_DEVICE("tdev_"),
  USER("user_"),
  WAITLIST_ENTRY("wle_");

  private final String prefix;

  ObjectKind(String prefix) {
    this.prefix = prefix;
  }

  /** The kind with a name such as {@code user}, or null. */
  public static @Nullable ObjectKind find(String object) {
    for (ObjectKind kind : values()) {
      if (kind.object().equals(object)) {
        return kind;
      }
    }
    return null;
  }

  /** The prefix of the ids. */
  public String prefix() {
    return prefix;
  }

  /** The name of the kind in an object's field {@code object} and in messages. */
  public String object() {
    return name().toLowerCase(Locale.ROOT);
  }
}
