// SPDX-License-Identifier: MIT
// go run diagnose.go FILE... : pkg-config finds the library
package main

// #cgo pkg-config: irelfix
// #include <irelfix.h>
// #include <stdlib.h>
import "C"

import (
	"fmt"
	"os"
	"unsafe"
)

func diagnose(name string) (status C.enum_irelfix_status, message string) {
	path := C.CString(name)
	defer C.free(unsafe.Pointer(path))
	var file *C.struct_irelfix
	if status = C.irelfix_open(path, &file); status == C.IRELFIX_OK {
		status = C.irelfix_diagnose(file)
	}
	defer C.irelfix_close(file)
	return status, C.GoString(C.irelfix_message(file))
}

func main() {
	worst := C.enum_irelfix_status(C.IRELFIX_OK)
	for _, name := range os.Args[1:] {
		status, message := diagnose(name)
		fmt.Printf("%s: %s\n", name, message)
		if status > worst {
			worst = status
		}
	}
	os.Exit(int(worst))
}
