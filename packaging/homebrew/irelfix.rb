# SPDX-License-Identifier: MIT
# frozen_string_literal: true

# Builds irelfix on macOS and Linux.
class Irelfix < Formula
  desc "Repairs static glibc executables that crash before main"
  homepage "https://github.com/OWNER/irelfix"
  url "https://github.com/OWNER/irelfix/releases/download/v1.0.0/irelfix-1.0.0.tar.gz"
  sha256 "" # scripts/packages fills it in
  license "MIT"

  def install
    system "make", "install", "install-shared", "PREFIX=#{prefix}"
  end

  test do
    assert_equal "irelfix #{version}\n", shell_output("#{bin}/irelfix --version")
    (testpath/"text").write "no ELF file"
    assert_match "not an ELF file", shell_output("#{bin}/irelfix text 2>&1", 3)
  end
end
