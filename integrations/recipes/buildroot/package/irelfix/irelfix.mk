################################################################################
#
# irelfix
#
################################################################################

IRELFIX_VERSION = 1.0.0
IRELFIX_SITE = <address of the folder of irelfix-1.0.0.tar.gz>
IRELFIX_LICENSE = MIT
IRELFIX_LICENSE_FILES = LICENSE

define HOST_IRELFIX_BUILD_CMDS
	$(HOST_MAKE_ENV) $(MAKE) $(HOST_CONFIGURE_OPTS) -C $(@D)
endef

define HOST_IRELFIX_INSTALL_CMDS
	$(HOST_MAKE_ENV) $(MAKE) $(HOST_CONFIGURE_OPTS) -C $(@D) PREFIX=$(HOST_DIR) install
endef

$(eval $(host-generic-package))
