/*
 * What a driver and a virtio gpu say to each other (VIRTIO 1.2, section 5.7.6).
 * Everything is little-endian. A command is a header and, mostly, what the
 * constants COMMAND_* say; offsets are in bytes from the header's start.
 */
#ifndef POGO_DEVICES_GPU_PROTOCOL_H
#define POGO_DEVICES_GPU_PROTOCOL_H

/* struct virtio_gpu_ctrl_hdr, before commands and responses. */
enum gpu_header {
    GPU_HEADER_TYPE = 0,
    GPU_HEADER_FLAGS = 4,
    GPU_HEADER_FENCE = 8,
    GPU_HEADER_CONTEXT = 16,
    GPU_HEADER_BYTES = 24,
};
#define GPU_FLAG_FENCE 1u

enum gpu_command {
    GPU_GET_DISPLAY_INFO = 0x0100,
    GPU_RESOURCE_CREATE_2D = 0x0101,
    GPU_RESOURCE_UNREF = 0x0102,
    GPU_SET_SCANOUT = 0x0103,
    GPU_RESOURCE_FLUSH = 0x0104,
    GPU_TRANSFER_TO_HOST_2D = 0x0105,
    GPU_RESOURCE_ATTACH_BACKING = 0x0106,
    GPU_RESOURCE_DETACH_BACKING = 0x0107,
    GPU_UPDATE_CURSOR = 0x0300,
    GPU_MOVE_CURSOR = 0x0301,
};

enum gpu_response {
    GPU_OK = 0x1100,
    GPU_OK_DISPLAY_INFO = 0x1101,
    GPU_ERROR = 0x1200, /* none of the following */
    GPU_OUT_OF_MEMORY = 0x1201,
    GPU_INVALID_SCANOUT = 0x1202,
    GPU_INVALID_RESOURCE = 0x1203,
    GPU_INVALID_PARAMETER = 0x1205,
};

/* Of a pixel's four bytes, in the order of their addresses. */
enum gpu_format {
    GPU_B8G8R8A8 = 1,
    GPU_B8G8R8X8 = 2,
    GPU_A8R8G8B8 = 3,
    GPU_X8R8G8B8 = 4,
    GPU_R8G8B8A8 = 67,
    GPU_X8B8G8R8 = 68,
    GPU_A8B8G8R8 = 121,
    GPU_R8G8B8X8 = 134,
};

/* struct virtio_gpu_resp_display_info: so many of these behind the header. */
#define GPU_SCANOUTS_MAX 16
enum gpu_display_one {
    GPU_DISPLAY_WIDTH = 8,
    GPU_DISPLAY_HEIGHT = 12,
    GPU_DISPLAY_ENABLED = 16,
    GPU_DISPLAY_BYTES = 24,
};

/* Commands begin with a rectangle or with a resource's id. */
enum gpu_offset {
    CREATE_ID = 24,
    CREATE_FORMAT = 28,
    CREATE_WIDTH = 32,
    CREATE_HEIGHT = 36,
    CREATE_BYTES = 40,

    RESOURCE_ID = 24, /* unref and detach: nothing else */
    RESOURCE_BYTES = 32,

    RECT = 24, /* four words: x, y, width, height */
    SCANOUT_NUMBER = 40,
    SCANOUT_ID = 44,
    SCANOUT_BYTES = 48,
    FLUSH_ID = 40,
    FLUSH_BYTES = 48,
    TRANSFER_OFFSET = 40, /* eight bytes */
    TRANSFER_ID = 48,
    TRANSFER_BYTES = 56,

    ATTACH_ID = 24,
    ATTACH_ENTRIES = 28,
    ATTACH_BYTES = 32, /* and then the entries */

    CURSOR_SCANOUT = 24,
    CURSOR_X = 28,
    CURSOR_Y = 32,
    CURSOR_ID = 40,
    CURSOR_HOT_X = 44,
    CURSOR_HOT_Y = 48,
    CURSOR_BYTES = 56,

    GPU_COMMAND_MAX = 56, /* of all but attach's entries */
};

/* struct virtio_gpu_mem_entry. */
enum gpu_entry_offset {
    ENTRY_ADDRESS = 0,
    ENTRY_LENGTH = 8,
    ENTRY_BYTES = 16,
};

/* struct virtio_gpu_config. */
enum gpu_config {
    GPU_CONFIG_SCANOUTS = 8,
    GPU_CONFIG_BYTES = 16,
};

#endif
