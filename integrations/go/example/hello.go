// SPDX-License-Identifier: MIT
package main

// #include <string.h>
// #include <stdlib.h>
import "C"

import (
	"fmt"
	"os"
	"unsafe"
)

func main() {
	text := C.CString(os.Args[len(os.Args)-1])
	defer C.free(unsafe.Pointer(text))
	fmt.Println("hello from Go,", C.strlen(text))
}
